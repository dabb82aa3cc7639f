/** Two ends of a line without a network: when things arrive, who waits for whom, and how it ends. */
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { StreamEnd } from './stream-pair.ts'

const MEGABYTE = 1024 * 1024

test('what is written arrives in order, and never within the call that wrote it', async () => {
  const [one, other] = StreamEnd.pair()
  const heard: string[] = []
  other.on('data', (chunk) => heard.push(String(chunk)))
  one.write('a')
  one.write('b')
  one.write(Buffer.from('c'))
  expect(heard).toEqual([])
  await expect.poll(() => heard.join('')).toBe('abc')
  other.write('ä', 'latin1')
  const [answer] = await once(one, 'data')
  expect(answer).toEqual(Buffer.from([0xe4]))
})

test('a reader who does not read stops the writer, and starts it again', async () => {
  const [one, other] = StreamEnd.pair()
  const total = 20 * MEGABYTE
  for (let written = 0; written < total; written += MEGABYTE) one.write(Buffer.alloc(MEGABYTE))
  await new Promise(setImmediate)
  expect(one.writableLength).toBeGreaterThan(total - 3 * MEGABYTE)
  let read = 0
  other.on('data', (chunk) => (read += chunk.length))
  await expect.poll(() => read).toBe(total)
  expect(one.writableLength).toBe(0)
})

test('an end takes what was written before it along, and closes both', async () => {
  const [one, other] = StreamEnd.pair()
  const closed = Promise.all([once(one, 'close'), once(other, 'close')])
  let heard = ''
  other.on('data', (chunk) => (heard += chunk))
  one.resume()
  one.write('last ')
  one.end('words')
  await closed
  expect(heard).toBe('last words')
})

test('one that is destroyed ends the other; what is written to it goes nowhere, and nobody waits for it', async () => {
  const [one, other] = StreamEnd.pair()
  for (let i = 0; i < 5; i++) one.write(Buffer.alloc(MEGABYTE))
  await new Promise(setImmediate)
  const closed = Promise.all([once(one, 'close'), once(other, 'close')])
  other.destroy()
  one.resume()
  await closed
  expect(one.errored).toBeNull()
})

test('destroySoon first lets the last words out', async () => {
  const [one, other] = StreamEnd.pair()
  let heard = ''
  other.on('data', (chunk) => (heard += chunk))
  one.write('x'.repeat(3 * MEGABYTE))
  one.destroySoon()
  await once(other, 'close')
  expect(heard).toHaveLength(3 * MEGABYTE)
})
