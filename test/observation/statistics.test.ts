/** commandstats and errorstats after the same lines, here and on redis-server: calls, refusals, failures, codes. */
import { Speaker } from '../transcripts/wire-stage.ts'
import { noticedAlike } from './both-servers.ts'

const LINES = `
GET a
SET a 1
set a 2
LPUSH a 1
LPUSH
NOSUCH
CONFIG NOSUCH
CONFIG GET
CONFIG SET nosuch 1
MULTI
INCR a
LPUSH a 1
EXEC
EXEC
MULTI
GET
GET a
EXEC
DISCARD
MULTI
DISCARD
WATCH a
UNWATCH
BLPOP nothing 0.01
XADD s * f v
XREAD COUNT 1 STREAMS s 0
XGROUP CREATE s g 0
XGROUP CREATE s g 0
XREADGROUP GROUP nosuch c STREAMS s >
OBJECT ENCODING a
OBJECT FREQ a
COMMAND COUNT
DEBUG ERROR "OWN error"
INCRBY a 9223372036854775807
SHUTDOWN NOSAVE SAVE
ACL SETUSER x nonsense
EXPIRE a x
SUBSCRIBE c
GET a
PING
UNSUBSCRIBE c
HELLO 9
AUTH a b
SETRANGE a -1 x
PING
`
  .trim()
  .split('\n')

/** The lines that tell of calls, without times. */
async function statistics(port: number): Promise<string[]> {
  const speaker = await Speaker.open(port)
  await speaker.ask('CONFIG', 'RESETSTAT')
  for (const line of LINES) await speaker.ask(...line.replace('"OWN error"', 'OWN').split(' '))
  const text = String(await speaker.ask('INFO', 'commandstats', 'errorstats', 'stats'))
  speaker.close()
  return text
    .split('\r\n')
    .filter((line) => /^(cmdstat_|errorstat_|total_commands|total_error|keyspace_)/.test(line))
    .map((line) => line.replace(/usec=\d+,usec_per_call=[\d.]+,/, ''))
    .sort()
}

noticedAlike('statistics', statistics, 31)
