/** A process that opens a folder, for tests that kill it: writes numbered keys, says each number that was acknowledged. */
import { open } from '../../src/index.ts'

const [url = '', fsync] = process.argv.slice(2)
const db = await open(url, fsync === 'always' ? { fsync } : {})
process.stdout.write('open\n')
for (let i = 0; fsync === 'always'; i++) {
  await db.set(`key:${i}`, `${i}`)
  process.stdout.write(`${i}\n`)
}
await db.set('k', 'from the other process')
await db.flush()
process.stdout.write('flushed\n')
// Until it is killed.
setInterval(() => {}, 60_000)
