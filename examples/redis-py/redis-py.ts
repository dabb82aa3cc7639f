/**
 * A Python program beside a Node program, on one embedded store: redis-py over a unix socket that no other user may open.
 *
 *     npx tsx examples/redis-py/redis-py.ts
 *
 * It needs a Python that has redis-py (Debian's python3-redis, or `pip install redis`); PYTHON names another than python3.
 *
 * Node gives out work in a stream, Python does it as a member of a consumer group and puts the results in a list.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { open } from 'geartrain'

const folder = await mkdtemp(join(tmpdir(), 'store-')) // of this user alone
const path = join(folder, 'store.sock')
const db = await open('memory:')
await db.listen({ path })

const python = `
import redis, sys

r = redis.Redis(unix_socket_path=sys.argv[1], decode_responses=True)
r.xgroup_create("work", "python", id="0", mkstream=True)
while True:
    streams = r.xreadgroup("python", "worker-1", {"work": ">"}, count=10, block=1000)
    if not streams:
        break
    for id, job in streams[0][1]:
        if job["n"] == "stop":
            r.xack("work", "python", id)
            sys.exit()
        r.rpush("squares", int(job["n"]) ** 2)
        r.xack("work", "python", id)
`

const done = promisify(execFile)(process.env.PYTHON ?? 'python3', ['-c', python, path])
for (const n of [1, 2, 3, 4]) await db.xadd('work', '*', { n })
await db.xadd('work', '*', { n: 'stop' })
await done

console.log('Python has squared', (await db.lrange('squares', 0, -1)).join(' '))
console.log('pending:', (await db.xpending('work', 'python'))[0])

await db.close()
await rm(folder, { recursive: true })
