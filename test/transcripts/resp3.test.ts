/** Every transcript that is true of RESP3, over RESP3 on a server of our own. */
import { expect, test } from 'vitest'
import { transcriptsIn } from './files.ts'
import { playServed } from './served.ts'

test.each(transcriptsIn(3))('$path: $title', async (transcript) => {
  expect(await playServed(transcript, 3)).toBe('')
})
