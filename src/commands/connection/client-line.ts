/** One client as CLIENT LIST and CLIENT INFO print it, and the type that TYPE filters ask for. */
import type { Argv } from '../../base/bytes.ts'
import { type Client, GATE } from '../client.ts'

/** The types that clients can be asked for. A replica is a `replica` once replication exists; nobody is until then. */
export type ClientType = 'normal' | 'master' | 'replica' | 'pubsub'

/** What kind of client this is. */
export function typeOf(client: Client): ClientType {
  return client.subscriptions > 0 ? 'pubsub' : 'normal'
}

const MARKS: readonly (readonly [mark: string, has: (client: Client, address: string) => boolean])[] = [
  ['O', (client) => client.monitors],
  ['P', (client) => client.subscriptions > 0],
  ['x', (client) => client.transaction !== undefined],
  ['b', (client) => client.parked],
  ['t', ({ tracking }) => tracking !== undefined],
  ['R', ({ tracking }) => tracking?.isBroken === true],
  ['B', ({ tracking }) => tracking?.bcast === true],
  ['d', (client) => client.watchBroken],
  ['c', (client) => client.closing],
  ['U', (_client, address) => address.startsWith('/')],
  ['e', (client) => client.noEvict],
  ['T', (client) => (client.gate & GATE.noTouch) !== 0],
]

const size = (argv: Argv): number => argv.reduce((sum, word) => sum + word.length, 0)

/** The line of one client, without its newline. */
export function lineOf(client: Client, now: number): string {
  const facts = client.outlet.describe()
  const { transaction } = client
  const queued = transaction?.queue ?? []
  const multiMemory = queued.reduce((sum, { argv }) => sum + size(argv), 0)
  const marks = MARKS.filter(([, has]) => has(client, facts.address)).map(([mark]) => mark)
  const seconds = (since: number): number => Math.max(0, Math.floor((now - since) / 1000))
  return [
    `id=${client.id} addr=${facts.address} laddr=${facts.localAddress} fd=${facts.fd} name=${client.name}`,
    `age=${seconds(client.createdAtMs)} idle=${seconds(client.lastActiveMs)} flags=${marks.join('') || 'N'}`,
    `db=${client.db} sub=${client.channels.size} psub=${client.patterns.size} ssub=${client.shardChannels.size}`,
    `multi=${transaction === undefined ? -1 : queued.length} qbuf=${facts.queryBytes} qbuf-free=${facts.queryFree}`,
    // We keep no reply buffer apart from what waits in the socket.
    `argv-mem=0 multi-mem=${multiMemory} rbs=0 rbp=0 obl=0 oll=${facts.outputBytes > 0 ? 1 : 0}`,
    `omem=${facts.outputBytes} tot-mem=${facts.queryBytes + facts.queryFree + facts.outputBytes + multiMemory}`,
    `events=${facts.outputBytes > 0 ? 'rw' : 'r'} cmd=${client.lastCommand?.lowerName ?? 'NULL'} user=${client.user}`,
    `redir=${client.tracking?.redirect ?? -1} resp=${client.protocol} lib-name=${client.libraryName} lib-ver=${client.libraryVersion}`,
  ].join(' ')
}
