/**
 * Generated commands on our engine and on a real redis-server, compared raw.
 *
 *   npx tsx scripts/differential.ts [--seed 1] [--count 5000]
 */
import { parseArgs } from 'node:util'
import { World } from '../test/differential/world.ts'
import { OracleServer } from '../test/oracle/redis-server.ts'

const { values } = parseArgs({ options: { seed: { type: 'string' }, count: { type: 'string' } } })
const server = await OracleServer.start()
const report = await new World(server, Number(values.seed ?? 1)).run(Number(values.count ?? 5000))
for (const mismatch of report.mismatches) console.log(`! ${mismatch}\n`)
console.log(`${report.commands} commands, ${report.mismatches.length} mismatches`)
report.peers.close()
await server.stop()
process.exit(report.mismatches.length > 0 ? 1 : 0)
