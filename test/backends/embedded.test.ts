/** The conformance suite over a store of this process. */
import { afterAll, describe, test } from 'vitest'
import { open } from '../../src/index.ts'
import { describeDatabase } from '../../src/testing/conformance.ts'

const keeper = open('memory:conformance')
afterAll(async () => (await keeper).close())

describeDatabase({ describe, test }, 'memory:name', () => open('memory:conformance'), { wholeStore: true })
