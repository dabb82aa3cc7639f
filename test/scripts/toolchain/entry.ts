/** What is put through toolchains: the acceptance rows with their scripts, and all that they need to run. */
export { open } from '../../../src/index.ts'
export { shadowMode } from '../../../src/script/run/local.ts'
export { acceptanceRows, k, prepare } from '../../../src/testing/scripts/acceptance.ts'
export { heldBy } from '../../../src/testing/scripts/data.ts'
