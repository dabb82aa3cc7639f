/**
 * Monitors: clients that see every command as it runs (MONITOR).
 *
 * The one idea: a line is written after its command, as Redis does, so a transaction's commands stand before their EXEC
 * and those of a library before the call. What others may not see is hidden: administrators' commands, and passwords.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import { Status } from '../base/reply.ts'
import { type Client, GATE } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import type { MonitorsPort } from '../commands/context.ts'
import type { Hearing } from './hearing.ts'
import { withoutSecrets } from './observation/redaction.ts'

export class Monitors implements MonitorsPort {
  readonly #hearing: Hearing
  readonly #micros: () => number
  readonly #onMonitoring: () => void
  readonly #clients = new Set<Client>()

  /** `onMonitoring` hears that the first monitor came or the last one went. */
  constructor(hearing: Hearing, micros: () => number, onMonitoring: () => void) {
    this.#hearing = hearing
    this.#micros = micros
    this.#onMonitoring = onMonitoring
  }

  get count(): number {
    return this.#clients.size
  }

  add(client: Client): void {
    client.monitors = true
    client.gate |= GATE.hears
    this.#clients.add(client)
    if (this.#clients.size === 1) this.#onMonitoring()
  }

  remove(client: Client): void {
    if (!client.monitors) return
    client.monitors = false
    if (client.tracking === undefined) client.gate &= ~GATE.hears
    this.#clients.delete(client)
    if (this.#clients.size === 0) this.#onMonitoring()
  }

  /** A command has run: everyone who monitors sees its line. */
  ran(client: Client, command: Command, argv: Argv): void {
    if (command.flags.has('admin') || command.flags.has('skip_monitor')) return
    const micros = this.#micros()
    const time = `${Math.floor(micros / 1e6)}.${`${micros % 1e6}`.padStart(6, '0')}`
    const words = withoutSecrets(command, argv).map(quoted).join(' ')
    const line = new Status(`${time} [${client.db} ${senderOf(client)}] ${words}`)
    if (client.monitors) this.#hearing.replyHere()
    for (const monitor of this.#clients) {
      // CLIENT REPLY OFF and SKIP silence lines, which are no pushes; the line of SKIP itself still comes.
      const { replyMode } = monitor
      if (replyMode === 'on' || (replyMode === 'skip-next' && monitor === client)) this.#hearing.send(monitor, line)
    }
  }
}

/** Where a command came from: an address, a unix socket's path, or a library. */
function senderOf(client: Client): string {
  if (client.denyBlocking || client.id === 0) return 'lua'
  const { address } = client.outlet.describe()
  return address.startsWith('/') ? `unix:${address.replace(/:0$/, '')}` : address
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u0007': '\\a',
  '\b': '\\b',
  '"': '\\"',
  '\\': '\\\\',
}

/** A word as Redis prints it: in quotes, bytes that are not printable ASCII escaped. */
const quoted = (word: Bytes): string =>
  `"${word.replace(/[^ -~]|["\\]/g, (char) => ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`
