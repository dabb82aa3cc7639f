/**
 * A rate limiter: so many requests per window and caller, decided in one step beside the data.
 *
 *     npx tsx examples/functions-rate-limiter/functions-rate-limiter.ts
 *
 * A linked library whose function is called as a typed method: `await db.functions.of(limits).allow('Ada', '3', '1000')`.
 */
import { open } from 'geartrain'
import { library, type SectionApi } from 'geartrain/functions'

const limits = library('limits', () => ({
  /** Whether one more request is allowed; the window slides: each request counts for so many milliseconds. */
  allow: (client: SectionApi, caller: string, most: string, windowMs: string): boolean => {
    const key = `requests:${caller}`
    const [seconds, micros] = client.call<[string, string]>('time')
    const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
    client.call('zremrangebyscore', key, '-inf', now - Number(windowMs))
    if (client.call<bigint>('zcard', key) >= BigInt(most)) return false
    client.call('zadd', key, now, `${seconds}.${micros}:${client.call<bigint>('incr', 'requests')}`)
    client.call('pexpire', key, windowMs)
    return true
  },
}))

const db = await open('memory:', { engine: { functions: { libraries: [limits] } } })
const { allow } = db.functions.of(limits)

for (let request = 1; request <= 4; request++) {
  console.log(`Ada's request ${request}:`, (await allow('Ada', '3', '60000')) ? 'served' : 'refused')
}
console.log("Bob's request 1:", (await allow('Bob', '3', '60000')) ? 'served' : 'refused')

await db.close()
