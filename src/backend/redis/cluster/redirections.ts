/**
 * Redirections: following a slot to where it is.
 *
 * The one idea: a command is tried where the map says; what comes back says where else, or to try again. There is a limit to
 * that, for two nodes may send a command to each other.
 */
import { setMaxListeners } from 'node:events'
import { systemClock } from '../../../base/clock.ts'
import { ReplyError } from '../../../base/reply.ts'
import { BackendError } from '../../backend.ts'
import type { Link } from '../link.ts'
import { closed, Lost, NotSent } from '../lost.ts'
import { backoffMs, pause } from '../pause.ts'
import type { Nodes } from './nodes.ts'
import type { NodeName, SlotMap } from './slot-map.ts'

const MOST_REDIRECTIONS = 16

/** One attempt at a node; `asking` says that its slot is only just arriving there. */
export type Attempt<T> = (link: Link, asking: boolean, name: NodeName) => Promise<T | ReplyError>

export class Redirections {
  readonly #nodes: Nodes
  readonly #any: () => NodeName
  readonly #end: AbortSignal

  /** `any` names a node for what has no slot. */
  constructor(nodes: Nodes, any: () => NodeName, end: AbortSignal) {
    this.#nodes = nodes
    this.#any = any
    this.#end = end
    // Everybody who waits for a failover listens to it.
    setMaxListeners(0, end)
  }

  /** Makes attempts until one is no redirection; the first in this turn. */
  async follow<T>(slot: number | undefined, canRepeat: boolean, attempt: Attempt<T>): Promise<T | ReplyError> {
    const until = systemClock.now() + this.#nodes.settings.patienceMs
    let [asking, hops, waits] = [false, 0, 0]
    let name = this.#placeOf(slot)
    for (;;) {
      const waitMs = backoffMs(waits)
      const isLast = systemClock.now() + waitMs > until
      try {
        const answer = await attempt(this.#nodes.link(name), asking, name)
        const next = answer instanceof ReplyError ? redirectionIn(answer) : undefined
        if (next === undefined || (next.name === undefined && isLast)) return answer
        if (next.name !== undefined) {
          if (++hops > MOST_REDIRECTIONS) throw tooMany(this.#nodes.settings.name, name, next)
          asking = next.kind === 'ASK'
          name = this.#heed(next.kind, next.slot, next.name, name)
          continue
        }
      } catch (error) {
        this.#refuseClosed()
        if (isLast || !mayRepeat(error, canRepeat)) throw error
      }
      await this.#wait(waitMs)
      waits++
      asking = false
      name = this.#placeOf(slot)
    }
  }

  /** Does something with many nodes; while one of them can't be reached, again, if it `canRepeat`. */
  async patiently<T>(canRepeat: boolean, work: () => Promise<T>): Promise<T> {
    const until = systemClock.now() + this.#nodes.settings.patienceMs
    for (let waits = 0; ; waits++) {
      try {
        return await work()
      } catch (error) {
        this.#refuseClosed()
        // Where one wasn't reached, others were: only what changes nothing is done again.
        if (!canRepeat || !mayRepeat(error, true) || systemClock.now() + backoffMs(waits) > until) throw error
      }
      await this.#wait(backoffMs(waits))
    }
  }

  #placeOf(slot: number | undefined): NodeName {
    return (slot === undefined ? undefined : this.#nodes.map?.ownerOf(slot)) ?? this.#any()
  }

  /** Where a redirection leads. */
  #heed(kind: string, slot: number, name: NodeName, from: NodeName): NodeName {
    const map: SlotMap | undefined = this.#nodes.map
    // A node that doesn't know its own host is where the one is that named it.
    const place = name.startsWith(':') ? from.slice(0, from.lastIndexOf(':')) + name : name
    if (kind === 'MOVED') {
      map?.move(slot, place)
      this.#nodes.refreshLater()
    }
    return place
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, this.#end)
    this.#refuseClosed()
    await this.#nodes.refresh().catch(() => undefined)
    this.#refuseClosed()
  }

  #refuseClosed(): void {
    if (this.#end.aborted) throw closed()
  }
}

interface Redirection {
  readonly kind: 'MOVED' | 'ASK' | 'LATER'
  readonly slot: number
  readonly name: NodeName | undefined
}

const LATER: Redirection = { kind: 'LATER', slot: -1, name: undefined }

function redirectionIn({ message, code }: ReplyError): Redirection | undefined {
  if (code === 'TRYAGAIN' || code === 'CLUSTERDOWN' || code === 'MASTERDOWN' || code === 'LOADING') return LATER
  const [, kind, slot, name] = /^(MOVED|ASK) (\d+) (\S*:\d+)/.exec(message) ?? []
  if (kind !== 'MOVED' && kind !== 'ASK') return undefined
  return { kind, slot: Number(slot), name: name! }
}

/** What had not been sent, or changes nothing. */
const mayRepeat = (error: unknown, canRepeat: boolean): boolean =>
  error instanceof NotSent || (canRepeat && error instanceof Lost)

const tooMany = (cluster: string, from: NodeName, { kind, slot, name }: Redirection): BackendError =>
  new BackendError(
    'UNREACHABLE',
    `${cluster} redirected a command ${MOST_REDIRECTIONS} times, at last by ${from} to ${name} (${kind} ${slot}): its nodes disagree about who serves the slot (see CLUSTER NODES on each)`,
  )
