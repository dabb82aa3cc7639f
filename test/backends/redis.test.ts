/** The conformance suite over a redis-server, a Cluster of three masters and three replicas, and behind Sentinels. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type Database, open } from '../../src/index.ts'
import { describeDatabase } from '../../src/testing/conformance.ts'
import { oracleMissing } from '../oracle/available.ts'
import { RedisCluster } from './redis-cluster.ts'
import { RedisProcess } from './redis-process.ts'
import { RedisSentinel } from './redis-sentinel.ts'

const runner = { describe, test }
const WHOLE = { wholeStore: true }

describe.skipIf(oracleMissing)('redis-server', () => {
  let server: RedisProcess
  beforeAll(async () => {
    server = await RedisProcess.start()
  })
  afterAll(() => server.stop())
  describeDatabase(runner, 'by URL', () => open(`redis://127.0.0.1:${server.port}/3`), WHOLE)
})

describe('a store of ours, served', () => {
  let served: Database
  let url: string
  beforeAll(async () => {
    served = await open()
    url = (await served.listen()).url
  })
  afterAll(() => served.close())
  // It runs scripts for databases that open it in process; over the wire they would be Lua.
  describeDatabase(runner, 'by URL', () => open(url), { ...WHOLE, without: ['portable scripts'] })
})

describe.skipIf(oracleMissing)('Redis Cluster', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await RedisCluster.start()
  })
  afterAll(() => cluster.stop())
  describeDatabase(runner, 'by URL', () => open(cluster.url), WHOLE)
})

describe.skipIf(oracleMissing)('Redis behind Sentinels', () => {
  let servers: RedisSentinel
  beforeAll(async () => {
    servers = await RedisSentinel.start()
  })
  afterAll(() => servers.stop())
  describeDatabase(runner, 'by URL', () => open(servers.url), WHOLE)
})
