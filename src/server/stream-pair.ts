/**
 * A pair of streams, each end a socket without a network: what is written to one is read from the other.
 *
 * The one idea: as over a socket, nothing arrives within the call that wrote it: a client notes what it has asked after
 * writing it. And as over a socket, a reader who stops reading stops the writer.
 */
import { Duplex } from 'node:stream'

type Done = (error?: Error | null) => void

/** One end. It has what clients call of a socket. */
export class StreamEnd extends Duplex {
  /** There is no handshake to wait for. */
  readonly connecting = false
  #peer: StreamEnd | undefined
  /** Lets the peer write on: what it wrote last has been taken. */
  #taken: Done | undefined

  constructor() {
    // As a socket's: when the peer has ended, so has this end.
    super({ allowHalfOpen: false })
  }

  /** Makes two ends of one line. */
  static pair(): readonly [StreamEnd, StreamEnd] {
    const [one, other] = [new StreamEnd(), new StreamEnd()]
    one.#peer = other
    other.#peer = one
    return [one, other]
  }

  /** Nothing is ever delayed. */
  setNoDelay(): this {
    return this
  }

  /** Nothing needs probing. */
  setKeepAlive(): this {
    return this
  }

  /** Ends when everything is written. */
  destroySoon(): void {
    this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    process.nextTick(() => this.#peer!.#take(chunk, done))
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    const all = Buffer.concat(chunks.map(({ chunk }) => chunk))
    process.nextTick(() => this.#peer!.#take(all, done))
  }

  override _final(done: Done): void {
    process.nextTick(() => {
      this.#peer!.#end()
      done()
    })
  }

  override _read(): void {
    const taken = this.#taken
    this.#taken = undefined
    taken?.()
  }

  override _destroy(error: Error | null, done: Done): void {
    // What the peer still writes goes nowhere, and it hears of the end as of any other.
    this._read()
    process.nextTick(() => this.#peer!.#end())
    done(error)
  }

  #take(chunk: Buffer, done: Done): void {
    if (this.destroyed || this.push(chunk)) done()
    else this.#taken = done
  }

  #end(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null)
  }
}
