/**
 * A Redis Cluster of a test's own: three masters, each with a replica.
 *
 * The one idea: it is put together by the nodes' own commands, so that its making can be followed and waited for.
 */
import { freePort } from '../oracle/redis-server.ts'
import { eventually, RedisProcess } from './redis-process.ts'

const RANGES = [
  [0, 5460],
  [5461, 10922],
  [10923, 16383],
] as const

/** Short, so that tests of a failover are. */
const NODE_TIMEOUT_MS = 1000

export class RedisCluster {
  /** The masters, then their replicas in the same order. */
  readonly nodes: readonly RedisProcess[]

  private constructor(nodes: readonly RedisProcess[]) {
    this.nodes = nodes
  }

  static async start(): Promise<RedisCluster> {
    const cluster = new RedisCluster(await Promise.all(Array.from({ length: 6 }, startNode)))
    await cluster.#make()
    return cluster
  }

  get url(): string {
    return `redis+cluster://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  }

  /** The id of a node. */
  id(node: RedisProcess): Promise<string> {
    return node.ask('CLUSTER', 'MYID')
  }

  /** Which node serves a slot. */
  ownerOf(slot: number): RedisProcess {
    return this.nodes[RANGES.findIndex(([, last]) => slot <= last)]!
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }

  async #make(): Promise<void> {
    const [first] = this.nodes as [RedisProcess]
    await Promise.all(this.nodes.map((node, i) => node.ask('CLUSTER', 'SET-CONFIG-EPOCH', `${i + 1}`)))
    await Promise.all(RANGES.map(([from, to], i) => this.nodes[i]!.ask('CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`)))
    for (const node of this.nodes.slice(1)) {
      const bus = await first.ask('CLUSTER', 'MYID').then(() => busPorts.get(node.port)!)
      await first.ask('CLUSTER', 'MEET', '127.0.0.1', `${node.port}`, `${bus}`)
    }
    await eventually('all nodes have met', () =>
      this.#all((lines) => lines.length === 6 && !/handshake/.test(lines.join())),
    )
    await Promise.all(
      [0, 1, 2].map(async (i) => this.nodes[i + 3]!.ask('CLUSTER', 'REPLICATE', await this.id(this.nodes[i]!))),
    )
    await eventually('all replicas are known', () =>
      this.#all((lines) => lines.filter((line) => /slave/.test(line)).length === 3),
    )
    await eventually('the cluster is whole', async () => {
      const states = await Promise.all(this.nodes.map((node) => node.ask('CLUSTER', 'INFO')))
      const links = await Promise.all(this.nodes.slice(3).map((node) => node.ask('INFO', 'replication')))
      // A replica is among those who serve slots only when the others have heard how far it is.
      const served = await Promise.all(this.nodes.map((node) => node.ask('CLUSTER', 'SLOTS')))
      return (
        served.every((view) => this.nodes.every(({ port }) => view.includes(`${port}`))) &&
        states.every((state) => state.includes('cluster_state:ok')) &&
        links.every((link) => link.includes('master_link_status:up'))
      )
    })
  }

  async #all(holds: (lines: readonly string[]) => boolean): Promise<boolean> {
    const views = await Promise.all(this.nodes.map((node) => node.ask('CLUSTER', 'NODES')))
    return views.every((view) => holds(view.trim().split('\n')))
  }
}

const busPorts = new Map<number, number>()

async function startNode(): Promise<RedisProcess> {
  const bus = await freePort()
  const node = await RedisProcess.start([
    'cluster-enabled yes',
    `cluster-port ${bus}`,
    `cluster-node-timeout ${NODE_TIMEOUT_MS}`,
    'cluster-replica-validity-factor 0',
    'repl-diskless-sync-delay 0',
    'repl-ping-replica-period 1',
  ])
  busPorts.set(node.port, bus)
  return node
}
