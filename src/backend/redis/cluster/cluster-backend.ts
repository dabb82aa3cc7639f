/**
 * ClusterBackend: a store on many nodes.
 *
 * The one idea: every line is routed by itself and sent in the turn it is called in, so a batch reaches each node in its order
 * and leaves in one write per node; only an atomic batch has to be in one slot.
 */
import type { Argv } from '../../../base/bytes.ts'
import { systemRandom } from '../../../base/random.ts'
import { type Reply, ReplyError } from '../../../base/reply.ts'
import type { Command } from '../../../commands/command.ts'
import type { Line, Runner, Session } from '../../backend.ts'
import { type Backend, BackendError, type BatchOptions, type BatchReply, type Features } from '../../backend.ts'
import type { HostPort } from '../address.ts'
import { type Sendable, sendable } from '../foreign.ts'
import type { Dial } from '../ioredis.ts'
import { type LinkSettings, PATIENT } from '../link.ts'
import { closed } from '../lost.ts'
import { isRepeatable, mayWait } from '../repeatable.ts'
import { SessionRegister } from '../session-register.ts'
import { withSince } from '../since.ts'
import { ClusterSession } from './cluster-session.ts'
import { joined, joinedParts } from './joining.ts'
import type { NatMap } from './nat-map.ts'
import { NodeRunner } from './node-runner.ts'
import { Nodes } from './nodes.ts'
import { Redirections } from './redirections.ts'
import { type Route, routeOf, slotOfLines } from './routing.ts'
import type { NodeName } from './slot-map.ts'

export class ClusterBackend implements Backend {
  readonly sync = undefined
  readonly features: Features
  readonly #nodes: Nodes
  readonly #redirections: Redirections
  readonly #sessions = new SessionRegister()
  readonly #end = new AbortController()
  /** What has no slot goes to one node, so that it keeps its order; which one differs between databases. */
  readonly #lot = systemRandom.below(1 << 16)

  constructor(dial: Dial, settings: LinkSettings, seeds: readonly HostPort[], nat: NatMap) {
    this.features = { name: settings.name, kind: 'cluster' }
    this.#nodes = new Nodes(dial, settings, seeds, nat)
    this.#redirections = new Redirections(this.#nodes, () => this.#any(), this.#end.signal)
  }

  /** Asks how the cluster is made; the server's error where it refuses us. */
  async connect(): Promise<ReplyError | undefined> {
    const map = await this.#nodes.refresh()
    return map instanceof ReplyError ? map : undefined
  }

  async call(command: Command | undefined, argv: Argv): Promise<Reply> {
    return this.#call(command, argv, mayWait(sendable(command, argv), argv) ? 'apart' : 'in order')
  }

  async batch(lines: readonly Line[], { atomic }: BatchOptions): Promise<BatchReply> {
    this.#refuseClosed()
    if (this.#nodes.map === undefined) await this.#learn()
    if (atomic) return this.#unit(lines)
    return Promise.all(
      lines.map(({ command, argv }) =>
        this.#call(command, argv, mayWait(sendable(command, argv), argv) ? 'at once' : 'in order'),
      ),
    )
  }

  /** A connection to one node: that of the first key it is used for. */
  async session(): Promise<Session> {
    this.#refuseClosed()
    if (this.#nodes.map === undefined) await this.#learn()
    return new ClusterSession((slot, moved) => {
      this.#refuseClosed()
      const owner = slot === undefined ? undefined : this.#nodes.map?.ownerOf(slot)
      return this.#sessions.open(this.#nodes.newLink(moved ?? owner ?? this.#any(), PATIENT))
    })
  }

  /** The masters, each by itself: for whoever walks all keys. */
  async nodes(): Promise<readonly Runner[]> {
    this.#refuseClosed()
    const map = await this.#learn()
    return map.masters.map((name) => new NodeRunner(this.#nodes.link(name)))
  }

  async close(): Promise<void> {
    this.#end.abort()
    this.#nodes.close()
    await this.#sessions.close()
  }

  async #call(command: Command | undefined, argv: Argv, way: Way): Promise<Reply> {
    this.#refuseClosed()
    if (this.#nodes.map === undefined) {
      const map = await this.#nodes.refresh()
      if (map instanceof ReplyError) return map
    }
    const known = sendable(command, argv)
    const reply = await this.#route(known, argv, routeOf(known, argv), way)
    return reply instanceof ReplyError
      ? withSince(reply, command, this.#nodes.link(this.#any()).current?.serverVersion)
      : reply
  }

  async #route(known: Sendable | undefined, argv: Argv, route: Route, way: Way): Promise<Reply> {
    const canRepeat = isRepeatable(known)
    switch (route.to) {
      case 'nowhere':
        return route.error
      case 'one node only':
        throw new BackendError(
          'UNSUPPORTED',
          `${known!.name} answers for one node, and a cluster has several: db.scan() walks all of them`,
        )
      case 'slot':
      case 'any':
        return this.#send(route.to === 'slot' ? route.slot : undefined, canRepeat, argv, way)
      case 'parts': {
        const { parts, keys, policy } = route
        const sent = parts.map((part) => this.#send(part.slot, canRepeat, part.argv, way))
        return joinedParts(await Promise.all(sent), parts, keys, policy)
      }
      case 'masters':
        return this.#everywhere(() => this.#nodes.map!.masters, canRepeat, argv, route.policy)
      case 'nodes':
        // Replicas come and go without anybody being redirected: the map is asked for anew.
        await this.#learn()
        return this.#everywhere(() => this.#nodes.map!.nodes, canRepeat, argv, route.policy)
    }
  }

  #send(slot: number | undefined, canRepeat: boolean, argv: Argv, way: Way): Promise<Reply> {
    return this.#redirections.follow<Reply>(slot, canRepeat, (link, asking, name) => {
      if (way === 'apart') return this.#nodes.waiting(name).call(canRepeat, argv, asking)
      return link.run(canRepeat, (connection) =>
        way === 'at once' ? connection.sendWithoutWaiting(argv, asking) : connection.send(argv, asking),
      )
    })
  }

  /** To many nodes at a time. */
  #everywhere(
    names: () => readonly NodeName[],
    canRepeat: boolean,
    argv: Argv,
    policy: string | undefined,
  ): Promise<Reply> {
    return this.#redirections.patiently(canRepeat, async () => {
      const links = names().map((name) => this.#nodes.link(name))
      const sent = links.map((link) => link.run(canRepeat, (connection) => connection.send(argv)))
      try {
        return joined(await Promise.all(sent), policy)
      } catch (error) {
        this.#nodes.refreshLater()
        throw error
      }
    })
  }

  async #unit(lines: readonly Line[]): Promise<BatchReply> {
    const slot = slotOfLines(lines.map(({ argv }) => argv))
    if (slot instanceof ReplyError) return slot
    const canRepeat = lines.every(({ command, argv }) => isRepeatable(sendable(command, argv)))
    const words = lines.map(({ argv }) => argv)
    return this.#redirections.follow<BatchReply>(slot, canRepeat, (link, asking) =>
      link.run<BatchReply>(canRepeat, (connection) => connection.transaction(words, asking)),
    )
  }

  async #learn() {
    const map = await this.#nodes.refresh()
    if (map instanceof ReplyError) throw new BackendError('UNREACHABLE', `${this.features.name}: ${map.message}`)
    return map
  }

  #any(): NodeName {
    const masters = this.#nodes.map?.masters ?? []
    return masters[this.#lot % masters.length]!
  }

  #refuseClosed(): void {
    if (this.#end.signal.aborted) throw closed()
  }
}

/** How a line is sent: in its order among the others, on a connection apart because it waits, or as if it had waited. */
type Way = 'in order' | 'apart' | 'at once'
