/**
 * What clients are sent unasked (invalidations, lines of MONITOR), compared raw with redis-server 7.0: which bytes, to
 * whom, and where they stand among the replies.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { splitWords } from '../../src/base/split-words.ts'
import { oracleMissing } from '../oracle/available.ts'
import { Peers } from '../oracle/peers.ts'
import { OracleServer } from '../oracle/redis-server.ts'

/** `B> GET a`; `<A>` stands for the number of client A. */
type Script = readonly string[]

const TRACKED: Script = [
  'A> HELLO 3',
  'A> CLIENT TRACKING ON',
  'A> MGET a b c',
  'B> MSET a 1 b 1',
  'A> SET c 1',
  'A> MULTI',
  'A> GET a',
  'A> SET a 2',
  'A> GET a',
  'A> EXEC',
  'A> RPUSH l x y',
  'A> LRANGE l 0 -1',
  'A> LPOP l 2',
  'A> SMEMBERS s',
  'A> SADD s m',
  'A> SMEMBERS s',
  'A> SPOP s',
  'A> ZRANGE z 0 -1',
  'A> ZADD z 1 m',
  'A> ZRANGE z 0 -1',
  'A> ZPOPMIN z',
  'A> XREAD COUNT 1 STREAMS x y 0 0',
  'B> XADD y 1-1 f v',
  'A> XADD x 1-1 f v',
  'A> SORT_RO l',
  'A> ZUNION 2 z zz',
  'A> BITCOUNT a',
  'B> MSET l 1 zz 1 a 1',
  'A> LRANGE l 0 -1',
  'B> DEL l',
  'A> GET a b',
  'B> SET a 1',
  'A> SELECT 1',
  'A> GET a',
  'B> RENAME a b',
  'B> SWAPDB 0 1',
  'A> GET a',
  'B> FLUSHDB',
  'A> GET a',
  'A> FLUSHALL',
  'A> CLIENT REPLY OFF',
  'A> GET a',
  'B> SET a 1',
  'A> CLIENT REPLY ON',
  'C> BLMOVE src dst LEFT LEFT 0',
  'A> SELECT 0',
  'A> EXISTS dst',
  'A> RPUSH src x',
  'A> CLIENT TRACKING OFF',
  'B> SET a 3',
  'A> CLIENT TRACKING ON NOLOOP',
  'A> GET a',
  'A> SET a 1',
  'A> GET a',
  'B> SET a 1',
  'A> INFO nosuch',
  'A> CLIENT TRACKINGINFO',
]

const REDIRECTED: Script = [
  'T> SUBSCRIBE any',
  'A> CLIENT TRACKING ON REDIRECT <T>',
  'A> GET a',
  'B> SET a 1',
  'A> GET a',
  'A> SET a 2',
  'A> GET a',
  'B> FLUSHALL',
  'T> UNSUBSCRIBE any',
  'A> GET a',
  'B> SET a 1',
  'B> CLIENT KILL ID <T>',
  'A> GET a',
  'A> CLIENT TRACKINGINFO',
  'B> SET a 1',
  'A> CLIENT TRACKINGINFO',
  'A> HELLO 3',
  'A> GET a',
  'B> SET a 1',
  'A> CLIENT TRACKING ON REDIRECT <A>',
  'A> GET a',
  'A> SET a 1',
  'U> HELLO 3',
  'A> CLIENT TRACKING ON BCAST PREFIX a REDIRECT <U>',
  'A> CLIENT TRACKING OFF',
  'A> CLIENT TRACKING ON BCAST PREFIX a REDIRECT <U>',
  'B> MSET ab 1 aa 1 b 1',
  'U> SET ac 1',
  'A> CLIENT TRACKING ON REDIRECT <U> REDIRECT <U>',
]

const BROADCAST: Script = [
  'A> HELLO 3',
  'A> CLIENT TRACKING ON BCAST PREFIX a PREFIX bb',
  'B> HELLO 3',
  'B> CLIENT TRACKING ON BCAST NOLOOP',
  'A> MSET a1 1 a0 2 bb1 x c 1',
  'B> SET a1 1',
  'B> MULTI',
  'B> SET a2 1',
  'B> SET a1 1',
  'B> EXEC',
  'C> BLMOVE src aim LEFT LEFT 0',
  'B> RPUSH src x',
  'B> FLUSHALL',
  'A> CLIENT TRACKING ON BCAST PREFIX aa',
  'A> CLIENT TRACKING ON BCAST PREFIX zz PREFIX yy PREFIX yyy',
  'A> CLIENT TRACKING ON BCAST PREFIX q PREFIX qq',
  'A> CLIENT TRACKINGINFO',
  'C> SET yyyy 1',
  'C> COPY yyyy zzz',
]

const MONITORED: Script = [
  'A> SET n 1',
  'A> BLPOP later 0',
  'M> MONITOR',
  'M> MONITOR',
  'B> SET a "x\\n\\r\\t\\a\\b\\x00\\x7f\\xff\\"\\\\ y" GET',
  'B> RPUSH later x',
  'B> MULTI',
  'B> SELECT 3',
  'B> INCR n',
  'B> LPUSH n 1',
  'B> EXEC',
  'B> EXEC',
  'B> HELLO 3 AUTH default x SETNAME j',
  'B> AUTH a b',
  'B> CONFIG SET requirepass ""',
  'B> DEBUG SLEEP 0',
  'B> CLIENT GETNAME',
  'B> EXPIRE n 100',
  'M> SUBSCRIBE ch',
  'B> PUBLISH ch x',
  'M> UNSUBSCRIBE ch',
  'M> MULTI',
  'M> PING',
  'M> EXEC',
  'M> CLIENT REPLY SKIP',
  'B> PING',
  'M> PING',
  'B> PING',
  'M> KEYS *',
  'M> HELLO 3',
  'M> CLIENT TRACKING ON BCAST',
  'B> SET t 1',
  'M> RESET',
  'B> PING',
]

describe.skipIf(oracleMissing)('what clients are sent unasked', () => {
  let server: OracleServer
  beforeAll(async () => {
    server = await OracleServer.start()
  })
  afterAll(() => server.stop())

  /** Plays a script on both sides and gives the steps after which someone has received something else. */
  async function differences(script: Script): Promise<string[]> {
    const peers = new Peers(server)
    const numbers = new Map<string, { ours: string; theirs: string }>()
    const found: string[] = []
    await peers.send('B', [bytes('FLUSHALL')])
    for (const line of script) {
      const [, name, command] = /^(\w)> (.*)$/.exec(line)!
      if (!numbers.has(name!)) {
        const { ours, theirs } = await peers.send(name!, [bytes('CLIENT'), bytes('ID')])
        numbers.set(name!, { ours: digits(ours), theirs: digits(theirs) })
      }
      const words = (side: 'ours' | 'theirs') =>
        splitWords(bytes(command!.replace(/<(\w)>/g, (_, other: string) => numbers.get(other)![side])))!
      await peers.deliverApart(name!, words('ours'), words('theirs'))
      const { ours, theirs } = peers.collect()
      if (plain(ours) !== plain(theirs)) found.push(`${line}\n  ours  ${plain(ours)}\n  redis ${plain(theirs)}`)
    }
    peers.close()
    return found
  }

  test.each([
    ['keys that were read', TRACKED],
    ['in the place of another', REDIRECTED],
    ['prefixes', BROADCAST],
    ['MONITOR', MONITORED],
  ])('%s: the same bytes in the same order', async (_, script) => {
    expect(await differences(script)).toEqual([])
  })

  test('a difference is found', async () => {
    expect(await differences(['A> CLIENT ID', 'A> TIME'])).not.toEqual([])
  })
})

const digits = (reply: string): string => /:(\d+)/.exec(reply)![1]!

/** Without what differs by nature: instants, addresses, numbers of clients. */
const plain = (text: string): string =>
  JSON.stringify(
    text
      .replace(/\d+\.\d{6} \[(\d+) [\d.:]+\]/g, '<time> [$1 <address>]')
      .replace(/(redirect|tracking-redir-broken|\$2\r\nid)\r\n:[1-9]\d*/g, '$1 <id>'),
  )
