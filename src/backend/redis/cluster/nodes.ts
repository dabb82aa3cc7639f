/**
 * Nodes: the servers of a cluster, and who serves which slot.
 *
 * The one idea: any node can say how the cluster is made, so whichever answers first is asked; it is asked again when somebody
 * was redirected or didn't reach a node. All who ask at a time share one question.
 */
import { raw } from '../../../base/bytes.ts'
import { ReplyError } from '../../../base/reply.ts'
import { BackendError } from '../../backend.ts'
import type { HostPort } from '../address.ts'
import type { Dial } from '../ioredis.ts'
import { Link, type LinkSettings, PATIENT } from '../link.ts'
import { closed, NotSent } from '../lost.ts'
import { WaitingLinks } from '../waiting-links.ts'
import type { NatMap } from './nat-map.ts'
import { hostPortOf, type NodeName, nameOf, SlotMap } from './slot-map.ts'

/** A node, reached. */
interface Reached {
  readonly link: Link
  readonly waiting: WaitingLinks
}

export class Nodes {
  readonly settings: LinkSettings
  readonly #dial: Dial
  readonly #seeds: readonly NodeName[]
  readonly #nat: NatMap
  readonly #reached = new Map<NodeName, Reached>()
  #map: SlotMap | undefined
  #refreshing: Promise<SlotMap | ReplyError> | undefined
  #closed = false

  constructor(dial: Dial, settings: LinkSettings, seeds: readonly HostPort[], nat: NatMap) {
    this.#dial = dial
    this.settings = settings
    this.#seeds = seeds.map(nameOf)
    this.#nat = nat
  }

  /** The map as it is known; undefined before the first answer. */
  get map(): SlotMap | undefined {
    return this.#map
  }

  /** Asks for the map anew; the server's error where it refuses us or is no cluster. */
  refresh(): Promise<SlotMap | ReplyError> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /** Asks anew, and goes on meanwhile. */
  refreshLater(): void {
    this.refresh().catch(() => undefined)
  }

  /** The way to a node. */
  link(name: NodeName): Link {
    return this.#reach(name).link
  }

  /** The connections for commands that wait on a node. */
  waiting(name: NodeName): WaitingLinks {
    return this.#reach(name).waiting
  }

  /** One more connection to a node. */
  newLink(name: NodeName, overrides: object = {}): Link {
    if (this.#closed) throw closed()
    // One attempt each: where it fails, another node may have taken over meanwhile, and the cluster is asked.
    const settings = { ...this.settings, name: `${name} of ${this.settings.name}`, patienceMs: 0 }
    return new Link(this.#dial, { ...settings, where: { ...hostPortOf(name), ...overrides } })
  }

  close(): void {
    this.#closed = true
    for (const { link, waiting } of this.#reached.values()) {
      link.close()
      waiting.close()
    }
  }

  #reach(name: NodeName): Reached {
    const known = this.#reached.get(name)
    if (known !== undefined) return known
    const waiting = new WaitingLinks(() => this.newLink(name, PATIENT))
    const made = { link: this.newLink(name), waiting }
    this.#reached.set(name, made)
    return made
  }

  async #ask(): Promise<SlotMap | ReplyError> {
    let cause: unknown
    for (const name of new Set([...(this.#map?.nodes ?? []), ...this.#seeds])) {
      try {
        const reply = await this.link(name).run(true, (connection) => connection.send([raw('CLUSTER'), raw('SLOTS')]))
        if (reply instanceof ReplyError) return reply
        const map = SlotMap.from(reply, hostPortOf(name), this.#nat)
        if (map === undefined) {
          cause = new BackendError('UNEXPECTED_REPLY', `${name} knows of no slots: is its cluster made?`)
          continue
        }
        this.#keep(map)
        return map
      } catch (error) {
        if (this.#closed) throw closed()
        cause = error
      }
    }
    throw cause instanceof BackendError && cause.code === 'UNEXPECTED_REPLY'
      ? cause
      : new NotSent(this.settings.name, cause)
  }

  /** Ways to nodes that have left are closed, but for those that are in use. */
  #keep(map: SlotMap): void {
    this.#map = map
    const members = new Set([...map.nodes, ...this.#seeds])
    for (const [name, { link, waiting }] of this.#reached) {
      if (members.has(name) || link.isBusy || waiting.isBusy) continue
      link.close()
      waiting.close()
      this.#reached.delete(name)
    }
  }
}
