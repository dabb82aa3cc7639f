/** The conformance suite over a port. The store is in this thread, and so is its user: every byte passes the port all the same. */
import { afterAll, describe, test } from 'vitest'
import { open } from '../../src/index.ts'
import { describeDatabase } from '../../src/testing/conformance.ts'

const keeper = open()
afterAll(async () => (await keeper).close())

describeDatabase({ describe, test }, 'a port', async () => open((await keeper).port()), { wholeStore: true })
