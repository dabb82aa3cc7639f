/**
 * What the server asks of the configuration, as values.
 *
 * The one idea: the engine's configuration holds text and answers CONFIG; the server keeps the few numbers that it needs
 * at every read here, renewed when a directive changes. What is needed once per connection is read when it connects.
 */
import { raw, text } from '../base/bytes.ts'
import { DEFAULT_MAX_BULK_LENGTH } from '../resp/request-decoder.ts'

/** Where directives come from: the engine's configuration. */
export interface ConfigSource {
  text(name: string): string
  /** Calls back after a directive has been given a new value. */
  onChange(name: string, listener: () => void): void
}

/** When the unread replies of a client end its connection. 0 is no limit. */
export interface OutputLimit {
  readonly hardBytes: number
  readonly softBytes: number
  /** How long the soft limit may be exceeded. */
  readonly softMs: number
}

export type ClientClass = 'normal' | 'replica' | 'pubsub'

/** The bytes of all unread replies together: what `maxmemory-clients` allows ends here. */
const OUTPUT_CEILING = 1024 ** 3

export class Settings {
  /** Shared with every decoder: changing it changes them. */
  readonly requestLimits = { maxBulkLength: DEFAULT_MAX_BULK_LENGTH }
  queryLimit = 0
  outputLimits: Readonly<Record<ClientClass, OutputLimit>> = parseOutputLimits('')
  /** What the unread replies of all clients may take together, whoever asked to stay (CLIENT NO-EVICT). */
  readonly outputCeiling = OUTPUT_CEILING
  /** Silent clients are closed after so long; 0 is never. */
  idleMs = 0
  readonly #source: ConfigSource

  constructor(source: ConfigSource) {
    this.#source = source
    this.#follow('proto-max-bulk-len', (value) => {
      this.requestLimits.maxBulkLength = Number(value)
    })
    this.#follow('client-query-buffer-limit', (value) => (this.queryLimit = Number(value)))
    this.#follow('client-output-buffer-limit', (value) => (this.outputLimits = parseOutputLimits(value)))
    this.#follow('timeout', (value) => (this.idleMs = Number(value) * 1000))
  }

  /** A directive as text: the configuration holds bytes. */
  text(name: string): string {
    return text(raw(this.#source.text(name)))
  }

  number(name: string): number {
    return Number(this.text(name))
  }

  flag(name: string): boolean {
    return this.text(name) === 'yes'
  }

  #follow(name: string, take: (value: string) => void): void {
    take(this.text(name))
    this.#source.onChange(name, () => take(this.text(name)))
  }
}

/** `normal 0 0 0 slave 268435456 67108864 60 …`, as CONFIG GET prints it. */
export function parseOutputLimits(text: string): Record<ClientClass, OutputLimit> {
  const none: OutputLimit = { hardBytes: 0, softBytes: 0, softMs: 0 }
  const limits: Record<ClientClass, OutputLimit> = { normal: none, replica: none, pubsub: none }
  const words = text.split(' ')
  for (let i = 0; i + 3 < words.length; i += 4) {
    const name = words[i] === 'slave' ? 'replica' : words[i]
    if (name !== 'normal' && name !== 'replica' && name !== 'pubsub') continue
    limits[name] = {
      hardBytes: Number(words[i + 1]!),
      softBytes: Number(words[i + 2]!),
      softMs: Number(words[i + 3]) * 1000,
    }
  }
  return limits
}
