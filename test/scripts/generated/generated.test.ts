/** Generated scripts: the function in process, its tree and its Lua on redis-server must come to the same. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, open } from '../../../src/index.ts'
import { METHODS } from '../../../src/script/methods.ts'
import { shadowMode } from '../../../src/script/run/local.ts'
import { oracleMissing } from '../../oracle/available.ts'
import { OracleServer } from '../../oracle/redis-server.ts'
import { difference, trials } from './compare.ts'
import { countConstructs } from './coverage.ts'
import { DEFECTS, spoilt } from './defects.ts'

const IS_LONG = process.env.SOAK !== undefined
const TRIALS = IS_LONG ? 2000 : 150
/** How often each construct must come in a long run. */
const EACH = 20

/** What a tree can be made of. Constructs that the front end never writes are not among them. */
const CONSTRUCTS = [
  ...['const', 'local', 'arg', 'key', 'child', 'keyName', 'array', 'object', 'element', 'property', 'not', 'negate'],
  ...['isNull', 'and', 'or', 'nullish', 'conditional', 'concat', 'assign', 'spread', 'call', 'function'],
  ...['declare', 'expression', 'block', 'if', 'loop', 'forOf', 'break', 'continue', 'return', 'typeof'],
  ...['add', 'sub', 'mul', 'div', 'mod', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'].map((op) => `binary ${op}`),
  ...['add', 'sub', 'mul', 'div', 'mod', 'concat'].map((op) => `update ${op}`),
  ...['map', 'filter', 'some', 'every', 'find', 'findIndex', 'forEach'].map((op) => `each ${op}`),
  ...['floor', 'ceil', 'trunc', 'round', 'abs', 'min', 'max', 'sign', 'sqrt'].map((op) => `math.${op}`),
  ...['isInteger', 'isSafeInteger', 'isFinite', 'isNaN'].map((op) => `number.${op}`),
  ...['length', 'slice', 'substring', 'at', 'charAt', 'indexOf', 'includes', 'startsWith', 'endsWith', 'split'].map(
    (op) => `text.${op}`,
  ),
  ...['toUpperCase', 'toLowerCase', 'trim', 'padStart', 'padEnd'].map((op) => `text.${op}`),
  ...['length', 'push', 'pop', 'shift', 'unshift', 'at', 'slice', 'includes', 'indexOf', 'join', 'concat'].map(
    (op) => `array.${op}`,
  ),
  ...['array.reverse', 'array.isArray'],
  ...['keys', 'values', 'entries', 'has', 'delete'].map((op) => `object.${op}`),
  ...['log', 'toNumber', 'parseJson', 'toJson', 'ascii', 'fail', 'nowMs', 'call'].map((name) => `env.${name}`),
  ...['ifMissing', 'ifExists', 'ttl', 'keepTtl'].map((option) => `string.set ${option}`),
  ...['stream.add id', 'stream.add maxLength', 'child string', 'child hash', 'child set'],
  ...Object.entries(METHODS).flatMap(([kind, methods]) => Object.keys(methods).map((name) => `${kind}.${name}`)),
]

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

  test(`${TRIALS} come to the same in process and on redis-server`, { timeout: 600_000 }, async () => {
    const counts = new Map<string, number>()
    const { made, refused } = trials(1, TRIALS)
    expect(refused.length).toBeLessThan(TRIALS / 10)
    const differences: string[] = []
    for (const trial of made) {
      countConstructs(trial.made.ir, counts)
      const found = await difference(here, there, trial)
      if (found !== undefined) differences.push(found)
    }
    expect(differences).toEqual([])
    const rare = CONSTRUCTS.filter((name) => (counts.get(name) ?? 0) < (IS_LONG ? EACH : 1))
    const shown = rare.map((name) => `${name}: ${counts.get(name) ?? 0}`)
    if (IS_LONG) expect(shown).toEqual([])
    else expect(shown.length, shown.join(', ')).toBeLessThan(CONSTRUCTS.length / 20)
  })

  test.each(DEFECTS)('a printer with this defect is caught: $name', { timeout: 120_000 }, async ({ spoil }) => {
    let found: string | undefined
    for (const trial of trials(1, TRIALS).made) {
      const other = spoilt(trial, spoil)
      if (other === undefined) continue
      found = await difference(here, there, trial, other)
      if (found !== undefined) break
    }
    expect(found).toBeDefined()
  })
})
