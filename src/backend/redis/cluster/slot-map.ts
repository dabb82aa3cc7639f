/**
 * SlotMap: which node serves which slot, as the cluster said last.
 *
 * The one idea: it is a guess that redirections correct. A slot's owner is a number into a list of nodes, so that the map is
 * 32 KB however many nodes there are.
 */

import { isArray, type Reply } from '../../../base/reply.ts'
import { SLOT_COUNT } from '../../../base/slots.ts'
import type { HostPort } from '../address.ts'
import type { NatMap } from './nat-map.ts'

/** `host:port`. */
export type NodeName = string

export const nameOf = ({ host, port }: HostPort): NodeName => `${host}:${port}`

/** Takes `host:port` apart; an IPv6 host has colons of its own. */
export function hostPortOf(name: NodeName): HostPort {
  const colon = name.lastIndexOf(':')
  return { host: name.slice(0, colon), port: Number(name.slice(colon + 1)) }
}

export class SlotMap {
  readonly #owner = new Uint16Array(SLOT_COUNT)
  /** Number 0 is nobody. */
  readonly #names: NodeName[] = ['']
  readonly #masters = new Set<NodeName>()
  readonly #replicas = new Set<NodeName>()

  /** Reads CLUSTER SLOTS as the node `asked` answered it; undefined when that isn't what came, or says nothing. */
  static from(reply: Reply, asked: HostPort, nat: NatMap): SlotMap | undefined {
    if (!isArray(reply) || reply.length === 0) return undefined
    const map = new SlotMap()
    for (const range of reply) {
      if (!isArray(range)) return undefined
      const [first, last, ...nodes] = range
      const [master, ...replicas] = nodes.map((node) => nodeIn(node, asked, nat))
      if (typeof first !== 'number' || typeof last !== 'number' || master === undefined) return undefined
      map.#owner.fill(map.#number(master), first, last + 1)
      map.#masters.add(master)
      for (const replica of replicas) if (replica !== undefined) map.#replicas.add(replica)
    }
    return map
  }

  /** Nodes that serve slots. */
  get masters(): readonly NodeName[] {
    return [...this.#masters]
  }

  /** All nodes. */
  get nodes(): readonly NodeName[] {
    return [...new Set([...this.#masters, ...this.#replicas])]
  }

  /** Who serves a slot. */
  ownerOf(slot: number): NodeName | undefined {
    return this.#names[this.#owner[slot]!] || undefined
  }

  /** A redirection said so. */
  move(slot: number, owner: NodeName): void {
    this.#owner[slot] = this.#number(owner)
    this.#masters.add(owner)
    this.#replicas.delete(owner)
  }

  #number(name: NodeName): number {
    const known = this.#names.indexOf(name)
    return known > 0 ? known : this.#names.push(name) - 1
  }
}

/** A node that doesn't know its own host is where it was asked. */
function nodeIn(node: Reply, asked: HostPort, nat: NatMap): NodeName | undefined {
  if (!isArray(node)) return undefined
  const [host, port] = node
  if (typeof port !== 'number') return undefined
  const isKnown = typeof host === 'string' && host !== '' && host !== '?'
  return nameOf(nat({ host: isKnown ? host : asked.host, port }))
}
