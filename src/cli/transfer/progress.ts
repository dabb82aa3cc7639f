/** How far a transfer is: a bar on a terminal, nothing elsewhere. */
import { systemClock } from '../../base/clock.ts'
import type { Tally } from './transfer.ts'

const WIDTH = 24
/** Drawn no more often. */
const EVERY_MS = 100

export class Progress {
  readonly #total: number | undefined
  readonly #stream: NodeJS.WriteStream
  readonly #started = systemClock.now()
  #drawn = 0

  /** `total` is how many keys there seem to be; undefined where nobody knows. */
  constructor(stream: NodeJS.WriteStream, total: number | undefined) {
    this.#stream = stream
    this.#total = total
  }

  show({ read }: Tally): void {
    const now = systemClock.now()
    if (this.#stream.isTTY !== true || now - this.#drawn < EVERY_MS) return
    this.#drawn = now
    const perSecond = Math.round((read * 1000) / Math.max(1, now - this.#started))
    this.#stream.write(`\r\x1b[K${barOf(read, this.#total)} ${grouped(read)} keys, ${grouped(perSecond)}/s`)
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn > 0) this.#stream.write('\r\x1b[K')
  }
}

function barOf(read: number, total: number | undefined): string {
  if (total === undefined || total === 0) return ''
  const part = Math.min(1, read / total)
  const full = Math.round(part * WIDTH)
  return `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${Math.floor(part * 100)} % of ${grouped(total)}:`
}

const grouped = (count: number): string => count.toLocaleString('en-US')
