/** Transfers from and to a Redis Cluster: every node is walked, every key finds its node. */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { move } from '../../src/cli/transfer/run.ts'
import { open } from '../../src/index.ts'
import { RedisCluster } from '../backends/redis-cluster.ts'
import { serve } from '../clients/served.ts'
import { oracleMissing } from '../oracle/available.ts'

describe.skipIf(oracleMissing)('a cluster', () => {
  const ours = serve()
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await RedisCluster.start()
  }, 60_000)
  afterAll(() => cluster.stop())

  test('gives all its keys, and takes them', async () => {
    const path = join(tmpdir(), `geartrain-cluster-${process.pid}.rdb`)
    const go = (from: string, to: string) => move(from, { to, batch: 7, rdbVersion: 10, verify: !to.endsWith('.rdb') })
    const here = `redis://127.0.0.1:${ours.port}`
    await using db = await open(here)
    await using all = await open(cluster.url)
    try {
      for (let i = 0; i < 100; i++) await db.rpush(`key:${i}`, [`${i}`, 'x'])
      expect(await go(here, cluster.url)).toMatchObject({ written: 100, verified: { same: 100, different: 0 } })
      expect(await all.lrange('key:42', 0, -1)).toEqual(['42', 'x'])
      expect(await go(cluster.url, path)).toMatchObject({ written: 100 })
      await db.flushall()
      expect(await go(path, here)).toMatchObject({ written: 100, verified: { same: 100 } })
      expect(await go(cluster.url, here)).toMatchObject({ read: 100, existing: 100 })
    } finally {
      rmSync(path, { force: true })
    }
  })
})
