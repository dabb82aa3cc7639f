/** Every transcript that redis-server 7.0 can be held to, on a real one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oracleMissing } from '../oracle/available.ts'
import { transcripts } from './files.ts'
import { RealServer } from './real-server.ts'

describe.skipIf(oracleMissing)('on redis-server', () => {
  let server: RealServer
  beforeAll(async () => {
    server = await RealServer.start()
  })
  afterAll(() => server.stop())

  test.each(transcripts.filter(({ ours }) => ours === undefined))('$path: $title', async (transcript) => {
    expect(await server.play(transcript)).toBe('')
  })
})
