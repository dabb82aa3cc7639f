/**
 * Compares our engine with a real redis-server, line by line: raw replies and pushed messages.
 *
 *   npx tsx scripts/compare.ts 'SET a 1' '2> BLPOP l 0' 'LPUSH l x'      or lines on standard input
 *
 * `N> ` in front of a line names the client (1 by default), `@resp3` switches every client, `-v` prints all replies.
 */
import { readFileSync } from 'node:fs'
import { bytes } from '../src/base/bytes.ts'
import { splitWords } from '../src/base/split-words.ts'
import { startPeers } from '../test/oracle/peers.ts'
import { OracleServer } from '../test/oracle/redis-server.ts'

const words = process.argv.slice(2)
const verbose = words.includes('-v')
const given = words.filter((word) => word !== '-v')
const lines = (given.length > 0 ? given : readFileSync(0, 'utf8').split('\n')).filter((line) => line.trim() !== '')

const server = await OracleServer.start()
const peers = startPeers(server)
let different = 0
for (const line of lines) {
  if (line.startsWith('#')) continue
  if (line === '@resp3') {
    await peers.useResp3()
    continue
  }
  const [, name = '1', command = line] = /^(\w+)> (.*)$/.exec(line) ?? []
  const argv = splitWords(bytes(command))
  if (argv === undefined) throw new Error(`unbalanced quotes: ${line}`)
  const { ours, theirs } = await peers.send(name, argv)
  const same = ours === theirs
  if (!same) different++
  if (!same || verbose) {
    console.log(`${same ? '  ' : '! '}${line}`)
    console.log(`     redis: ${JSON.stringify(theirs)}`)
    if (!same) console.log(`     ours:  ${JSON.stringify(ours)}`)
  }
}
console.log(`${lines.length} lines, ${different} different`)
peers.close()
await server.stop()
process.exit(different > 0 ? 1 : 0)
