/** The generated text of the guest runtime is that of the sources. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { insideText, OUTPUT } from '../../scripts/guest.ts'

test('inside-text.ts is what npx tsx scripts/guest.ts prints', async () => {
  expect(await insideText()).toBe(readFileSync(OUTPUT, 'utf8'))
})
