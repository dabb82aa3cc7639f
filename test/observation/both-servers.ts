/** What is noticed of the same commands by redis-server and by a server of ours. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/create.ts'
import { Server } from '../../src/server/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'

/** Describes that `look`, given a server's port, finds on ours what it finds on redis-server: at least so much. */
export function noticedAlike(what: string, look: (port: number) => Promise<readonly unknown[]>, least: number): void {
  describe.skipIf(oracleMissing)(what, () => {
    const engine = createEngine({ config: { 'enable-debug-command': 'yes' } })
    const server = new Server(engine)
    let oracle: OracleServer
    beforeAll(async () => {
      oracle = await OracleServer.start()
      await server.listen([{ kind: 'tcp', host: '127.0.0.1', port: 0 }])
    })
    afterAll(async () => {
      await server.close(100)
      engine.stop()
      await oracle.stop()
    })

    test('is as with redis-server', async () => {
      const theirs = await look(oracle.port)
      expect(theirs.length).toBeGreaterThanOrEqual(least)
      expect(await look(server.port)).toEqual(theirs)
    })
  })
}
