#!js api_version=1.0 name=limits
/** A library to be deployed: `geartrain functions deploy limits.ts`. At most so many calls in a minute for each caller. */
import type { RedisGlobal, SectionApi } from 'geartrain/functions'

declare const redis: RedisGlobal

const WINDOW_MS = 60_000

redis.registerFunction('isLetIn', (client: SectionApi, caller: string, most: string) => {
  const calls = client.call<bigint>('incr', `calls:${caller}`)
  if (calls === 1n) client.call('pexpire', `calls:${caller}`, WINDOW_MS)
  return calls <= BigInt(most)
})
