/**
 * Broadcast: clients that hear of every changed key with a prefix, read or not (CLIENT TRACKING BCAST).
 *
 * The one idea: changed keys gather under each prefix and go out as one message per prefix when nothing runs any more, in
 * order of prefixes and of keys.
 *
 * Invariant: a prefix is here exactly while a client has it.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Client } from '../../commands/client.ts'
import type { PutOff } from '../put-off.ts'

interface Prefix {
  readonly clients: Set<Client>
  /** Keys changed since the last message, each with who changed it first, where that is known. */
  changed: Map<Bytes, Client | undefined>
}

export class Broadcast {
  readonly #prefixes = new Map<Bytes, Prefix>()
  readonly #putOff: PutOff
  /** Whether anything has gathered. */
  #hasNews = false

  constructor(putOff: PutOff) {
    this.#putOff = putOff
  }

  get count(): number {
    return this.#prefixes.size
  }

  join(client: Client, prefix: Bytes): void {
    const found = this.#prefixes.get(prefix)
    if (found === undefined) this.#prefixes.set(prefix, { clients: new Set([client]), changed: new Map() })
    else found.clients.add(client)
  }

  leave(client: Client, prefix: Bytes): void {
    const found = this.#prefixes.get(prefix)
    found?.clients.delete(client)
    if (found?.clients.size === 0) this.#prefixes.delete(prefix)
  }

  /** Notes that a key has changed. */
  touched(key: Bytes, writer: Client | undefined): void {
    for (const [prefix, { changed }] of this.#prefixes) {
      if (!key.startsWith(prefix) || changed.has(key)) continue
      changed.set(key, writer)
      this.#hasNews = true
      this.#putOff.any = true
    }
  }

  /** Hands over what has gathered, message by message. */
  deliver(send: (client: Client, keys: readonly Bytes[]) => void): void {
    if (!this.#hasNews) return
    this.#hasNews = false
    for (const [, prefix] of [...this.#prefixes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { clients, changed } = prefix
      if (changed.size === 0) continue
      prefix.changed = new Map()
      const keys = [...changed.keys()].sort()
      for (const client of clients) {
        const heard = client.tracking?.noloop ? keys.filter((key) => changed.get(key) !== client) : keys
        if (heard.length > 0) send(client, heard)
      }
    }
  }
}
