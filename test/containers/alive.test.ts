/** What keeps a process alive, and what does not: each program ends by itself, and is looked at from outside. */
import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

/** Runs a program whose `db` is an embedded store; what it printed, and its exit status. */
async function ended(program: string): Promise<{ readonly printed: string; readonly status: number | null }> {
  const front = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)
  const whole = `import { open } from ${front}\nconst db = await open('memory:')\n${program}`
  const words = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', whole]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  const over = new Promise<number | null>((resolve) => child.once('close', resolve))
  let printed = ''
  try {
    for await (const chunk of child.stdout) printed += String(chunk)
    return { printed, status: await over }
  } finally {
    child.kill('SIGKILL')
  }
}

/** Node's status of a program that waits for what can never come. */
const NOTHING_LEFT = 13

test('a wait with an end keeps the process alive until then', async () => {
  const found = await ended(`console.log((await db.stream('s').read({ after: '$', blockMs: 200 })).length)`)
  expect(found).toEqual({ printed: '0\n', status: 0 })
})

test('a consumer keeps it alive until it is stopped, its next attempts included', async () => {
  const found = await ended(`
    await db.stream('s').add({ n: 1 })
    const consumer = db.consumerGroup('g', 's').consume(async (message) => {
      if (message.deliveries === 1) throw new Error('once')
      console.log('handled at', message.deliveries)
      void consumer.stop()
    }, { backoff: () => 200 })
    await consumer.done
    console.log('stopped')
  `)
  expect(found).toEqual({ printed: 'handled at 2\nstopped\n', status: 0 })
})

test.for([
  ['a loop that follows', `for await (const { data } of db.stream('s').follow()) console.log(data.n)`],
  ['a wait without an end', `await db.stream('s').read({ after: '$', blockMs: Infinity })`],
])('%s does not: nothing else there could add anything', async ([, program]) => {
  const found = await ended(`await db.stream('s').add({ n: 1 })\n${program}\nconsole.log('not reached')`)
  expect(found.status).toBe(NOTHING_LEFT)
  expect(found.printed).toBe(program!.includes('follow') ? '1\n' : '')
})
