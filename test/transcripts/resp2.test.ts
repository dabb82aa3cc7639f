/** Every transcript that is true of RESP2, over RESP2 on a server of our own. */
import { expect, test } from 'vitest'
import { transcriptsIn } from './files.ts'
import { playServed } from './served.ts'

test.each(transcriptsIn(2))('$path: $title', async (transcript) => {
  expect(await playServed(transcript, 2)).toBe('')
})
