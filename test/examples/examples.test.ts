/** The examples do what they say: each is run as a reader would, and what it prints is compared. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { pythonMissing } from '../clients/tools.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { FUNCTIONS } from './functions.ts'
import { STREAMS } from './streams.ts'

const TIMEOUT_MS = 60_000

/** What an example prints; rejects when it fails, or does not end. */
async function printed(example: string, ...more: readonly string[]): Promise<string> {
  const env = { ...process.env, PYTHON: '/usr/bin/python3', NO_COLOR: '1' }
  const words = ['--import', import.meta.resolve('tsx'), example, ...more]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { env, timeout: TIMEOUT_MS })
  return stdout + stderr
}

const EXAMPLES: readonly { readonly file: string; readonly lines: readonly string[]; readonly missing?: boolean }[] = [
  {
    file: 'examples/sessions/sessions.ts',
    lines: [
      'Ada: visit 1',
      'Ada: visit 2',
      'Bob: visit 1',
      'kept: 2 minutes left: 60',
      'Ada: forgotten',
      'Ada: visit 1',
    ],
  },
  {
    file: 'examples/chat/chat.ts',
    lines: [
      'Bob hears tea: is anybody there?',
      'Ada hears tea: yes, on the other server',
      'in the room: 2',
      'kept in: stream',
    ],
  },
  {
    file: 'examples/node-redis/node-redis.ts',
    lines: [
      "node-redis reads { name: 'Ada', born: '1815' }",
      'and keeps Ada',
      'until it is Ada Lovelace',
      "a transaction gives 1 [ '/about' ]",
      'a waiting client gets paint the fence',
    ],
  },
  {
    file: 'examples/redis-py/redis-py.ts',
    lines: ['Python has squared 1 4 9 16', 'pending: 0'],
    missing: pythonMissing,
  },
  ...STREAMS,
  ...FUNCTIONS,
]

for (const { file, lines, missing = false } of EXAMPLES) {
  test.skipIf(missing)(
    file,
    async () => {
      expect(await printed(file)).toBe(`${lines.join('\n')}\n`)
    },
    TIMEOUT_MS,
  )
}

test.skipIf(oracleMissing)(
  'the examples about streams print the same on redis-server',
  async () => {
    const server = await OracleServer.start()
    try {
      for (const { file, lines } of STREAMS) {
        expect(await printed(file, `redis://127.0.0.1:${server.port}`), file).toBe(`${lines.join('\n')}\n`)
      }
    } finally {
      await server.stop()
    }
  },
  3 * TIMEOUT_MS,
)

test('an example that fails is seen', async () => {
  await expect(printed('examples/none.ts')).rejects.toThrow(/none/)
})
