/**
 * Whether a real redis-server 7.0 is here. Where it is not, tests against it are skipped, and the test command has said
 * why; with CI=true it fails instead.
 */
import { spawnSync } from 'node:child_process'

const version = spawnSync('redis-server', ['--version'], { encoding: 'utf8' })

/** True when the tests against the oracle cannot run here. */
export const oracleMissing: boolean = !/v=7\.0\./.test(version.stdout ?? '')

if (oracleMissing && process.env.CI === 'true') throw new Error('redis-server 7.0 is needed in CI and is not installed')
