/**
 * Deadlines of hash fields against a naive model, over random histories on a clock that is moved by hand.
 *
 * The one idea: the model is a map from fields to values and deadlines that forgets what is due whenever time moves. The
 * engine must show the same after every command, removed on time or only when met; a second engine that is told the
 * effects must come to hold the same, to the millisecond.
 */
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { type Argv, type Bytes, raw } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { isArray, MapReply, type Reply } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import { Engine } from '../../src/engine/engine.ts'
import { HASH } from '../../src/keyspace/value.ts'
import { limits } from '../../src/structures/limits.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { Recorder } from '../../src/testing/recorder.ts'

const START = 1_700_000_000_000
const KEYS = ['h', 'g']
const FIELDS = ['a', 'b', 'c', 'd']

const defaults = { ...limits }
afterEach(() => {
  Object.assign(limits, defaults)
})

interface Field {
  readonly value: string
  readonly deadline: number | undefined
}
type Model = Map<string, Map<string, Field>>

/** An effect and when it happened. */
interface Logged {
  readonly at: number
  readonly argv: Argv
}

/** An engine with a client, in words. */
class Store {
  readonly clock: ManualClock
  readonly engine: Engine
  readonly effects: Logged[] = []
  readonly #session

  constructor(nowMs: number) {
    this.clock = new ManualClock(nowMs)
    this.engine = new Engine({ commands: allCommands, clock: this.clock, random: seededRandom(1) })
    this.#session = new Recorder(this.engine).session
  }

  ask(...words: string[]): Reply {
    return this.run(words.map(raw))
  }

  run(argv: Argv): Reply {
    return this.engine.execute(this.#session, argv) ?? null
  }

  record(): void {
    this.engine.keyspace.reports.wantsEffects = true
    this.engine.onEffects = (effects) => {
      const at = this.clock.now()
      for (const { argv } of effects) this.effects.push({ at, argv })
    }
  }

  /** What is held, due or not: fields with values and deadlines, key by key. */
  held(): string[] {
    const [db] = this.engine.keyspace.databases
    return KEYS.flatMap((key) => {
      const hash = db!.edit(raw(key), HASH)
      const lines = hash?.fields().map((field) => `${key}.${field}=${hash.get(field)}@${hash.deadline(field)}`)
      return hash === undefined ? [] : [`${key} ${hash.encoding()}`, ...lines!.toSorted()]
    })
  }
}

type Step = (store: Store, model: Model, now: number) => void

function fieldsOf(model: Model, key: string): Map<string, Field> {
  const fields = model.get(key) ?? new Map<string, Field>()
  model.set(key, fields)
  return fields
}

function forgetDue(model: Model, now: number): void {
  for (const [key, fields] of model) {
    for (const [name, { deadline }] of fields) if (deadline !== undefined && deadline <= now) fields.delete(name)
    if (fields.size === 0) model.delete(key)
  }
}

const key = fc.constantFrom(...KEYS)
const field = fc.constantFrom(...FIELDS)
const some = fc.array(field, { minLength: 1, maxLength: 4 })
const time = fc.constantFrom(0, 1, 5, 20, 20, 100, 1000)

const hset = fc.record({ key, field, value: fc.constantFrom('1', '22', 'x'.repeat(70)) }).map(
  ({ key, field, value }): Step =>
    (store, model) => {
      store.ask('HSET', key, field, value)
      fieldsOf(model, key).set(field, { value, deadline: undefined })
    },
)

const hsetnx = fc.record({ key, field }).map(
  ({ key, field }): Step =>
    (store, model) => {
      const fields = fieldsOf(model, key)
      expect(store.ask('HSETNX', key, field, '7')).toBe(fields.has(field) ? 0 : 1)
      if (!fields.has(field)) fields.set(field, { value: '7', deadline: undefined })
    },
)

const hincr = fc.record({ key, field, name: fc.constantFrom('HINCRBY', 'HINCRBYFLOAT') }).map(
  ({ key, field, name }): Step =>
    (store, model) => {
      const fields = fieldsOf(model, key)
      const before = fields.get(field)
      if (before?.value.startsWith('x')) return
      store.ask(name, key, field, '3')
      fields.set(field, { value: `${Number(before?.value ?? 0) + 3}`, deadline: before?.deadline })
    },
)

const hdel = fc.record({ key, some }).map(
  ({ key, some }): Step =>
    (store, model) => {
      const fields = fieldsOf(model, key)
      expect(store.ask('HDEL', key, ...some)).toBe([...new Set(some)].filter((name) => fields.has(name)).length)
      for (const name of some) fields.delete(name)
    },
)

const CONDITIONS: Readonly<Record<string, (old: number, when: number) => boolean>> = {
  '': () => true,
  NX: (old) => old === Number.POSITIVE_INFINITY,
  XX: (old) => old !== Number.POSITIVE_INFINITY,
  GT: (old, when) => when > old,
  LT: (old, when) => when < old,
}

const hexpire = fc
  .record({ key, some, time, condition: fc.constantFrom(...Object.keys(CONDITIONS)), absolute: fc.boolean() })
  .map(
    ({ key, some, time, condition, absolute }): Step =>
      (store, model, now) => {
        const when = now + time
        const words = [...(condition === '' ? [] : [condition]), 'FIELDS', `${some.length}`, ...some]
        const codes = absolute
          ? store.ask('HPEXPIREAT', key, `${when}`, ...words)
          : store.ask('HPEXPIRE', key, `${time}`, ...words)
        const fields = fieldsOf(model, key)
        const expected = some.map((name) => {
          const held = fields.get(name)
          if (held === undefined) return -2
          if (!CONDITIONS[condition]!(held.deadline ?? Number.POSITIVE_INFINITY, when)) return 0
          if (when <= now) fields.delete(name)
          else fields.set(name, { ...held, deadline: when })
          return when <= now ? 2 : 1
        })
        expect(codes).toEqual(expected)
      },
  )

const hpersist = fc.record({ key, some }).map(
  ({ key, some }): Step =>
    (store, model) => {
      const fields = fieldsOf(model, key)
      const expected = some.map((name) => {
        const held = fields.get(name)
        if (held === undefined) return -2
        fields.set(name, { ...held, deadline: undefined })
        return held.deadline === undefined ? -1 : 1
      })
      expect(store.ask('HPERSIST', key, 'FIELDS', `${some.length}`, ...some)).toEqual(expected)
    },
)

/** The other key becomes this one, or one like it. */
const carry = fc.record({ from: key, copies: fc.boolean() }).map(
  ({ from, copies }): Step =>
    (store, model) => {
      const to = from === 'h' ? 'g' : 'h'
      const fields = model.get(from)
      const there = fields !== undefined && fields.size > 0
      if (copies) expect(store.ask('COPY', from, to, 'REPLACE')).toBe(there ? 1 : 0)
      else store.ask('RENAME', from, to)
      if (!there) return
      model.set(to, new Map(fields))
      if (!copies) model.delete(from)
    },
)

const drop = key.map(
  (key): Step =>
    (store, model) => {
      store.ask('DEL', key)
      model.delete(key)
    },
)

const wait = time.map(
  (ms): Step =>
    (store) =>
      store.clock.advance(ms),
)

const step = fc.oneof(
  { arbitrary: hset, weight: 4 },
  { arbitrary: hexpire, weight: 5 },
  { arbitrary: wait, weight: 4 },
  hsetnx,
  hincr,
  hdel,
  hpersist,
  carry,
  drop,
)

/** What the client sees of a key, by every command that reads one. */
function seen(store: Store, key: string): unknown {
  const all = store.ask('HGETALL', key)
  const pairs = all instanceof MapReply ? all.items.map(String) : []
  const values = new Map(pairs.flatMap((word, i) => (i % 2 === 0 ? [[word, pairs[i + 1]!] as const] : [])))
  const names = [...values.keys()].toSorted()
  const scanned = store.ask('HSCAN', key, '0', 'NOVALUES', 'COUNT', '100')
  const [, found] = isArray(scanned) ? scanned : []
  const sorted = (reply: Reply | undefined): unknown => (reply && isArray(reply) ? reply.map(String).toSorted() : [])
  expect(sorted(store.ask('HKEYS', key))).toEqual(names)
  expect(sorted(store.ask('HRANDFIELD', key, '100'))).toEqual(names)
  expect(sorted(found)).toEqual(names)
  expect(sorted(store.ask('HVALS', key))).toEqual([...values.values()].toSorted())
  expect([store.ask('HLEN', key), store.ask('EXISTS', key)]).toEqual([names.length, names.length > 0 ? 1 : 0])
  const deadlines = store.ask('HPEXPIRETIME', key, 'FIELDS', `${FIELDS.length}`, ...FIELDS)
  return FIELDS.map((name, i) => [name, values.get(name), isArray(deadlines) ? deadlines[i] : undefined])
}

function expected(model: Model, key: string): unknown {
  return FIELDS.map((name) => {
    const held = model.get(key)?.get(name)
    return [name, held?.value, held === undefined ? -2 : (held.deadline ?? -1)]
  })
}

interface Run {
  readonly steps: readonly Step[]
  readonly entries: number
  readonly onTime: boolean
}

const run = fc.record({
  steps: fc.array(step, { maxLength: 40, size: 'max' }),
  entries: fc.constantFrom(0, 2, 512),
  onTime: fc.boolean(),
})

/** Plays a history; `look` compares after each step. */
function play({ steps, entries, onTime }: Run, look: (store: Store, model: Model) => void): Store {
  limits.hashMaxListpackEntries = entries
  const store = new Store(START)
  store.record()
  store.engine.setActiveExpiry(onTime)
  const model: Model = new Map()
  for (const act of steps) {
    act(store, model, store.clock.now())
    forgetDue(model, store.clock.now())
    look(store, model)
  }
  return store
}

test('any history shows what a model shows, whether fields are removed on time or when met', () => {
  fc.assert(
    fc.property(run, (history) => {
      const store = play(history, (store, model) => {
        for (const key of KEYS) expect(seen(store, key)).toEqual(expected(model, key))
      })
      store.ask('DEL', ...KEYS)
      expect(store.engine.keyspace.databases[0]!.valueBytes).toBe(0)
      expect(store.engine.keyspace.databases[0]!.nextDeadline).toBe(Number.POSITIVE_INFINITY)
    }),
    { numRuns: 200 },
  )
})

test('on time, nothing due is held though nobody looks', () => {
  fc.assert(
    fc.property(run, (history) => {
      const store = play({ ...history, onTime: true }, (store) => {
        const now = store.clock.now()
        for (const line of store.held()) {
          const deadline = Number(line.split('@')[1])
          if (!Number.isNaN(deadline)) expect(deadline).toBeGreaterThan(now)
        }
      })
      store.clock.advance(2000)
      const [db] = store.engine.keyspace.databases
      for (const key of KEYS) expect(db!.edit(raw(key), HASH)?.expiring ?? 0).toBe(0)
    }),
    { numRuns: 100 },
  )
})

test('effects lead a second engine to the same fields, deadlines and encodings', () => {
  fc.assert(
    fc.property(run, (history) => {
      const second = new Store(START)
      // What is due there is for the effects to say.
      second.engine.keyspace.role = 'replica'
      play(history, (first) => {
        // What is due and was not met yet is met now.
        for (const key of KEYS) first.ask('HLEN', key)
        for (const { at, argv } of first.effects.splice(0)) {
          second.clock.advance(at - second.clock.now())
          second.run(argv)
        }
        expect(second.held()).toEqual(first.held())
      })
    }),
    { numRuns: 200 },
  )
})

const names = (...fields: string[]): Bytes[] => fields.map(raw)

test('a replica hides what is due and keeps it until its primary says so', () => {
  for (const entries of [0, 512]) {
    limits.hashMaxListpackEntries = entries
    const store = new Store(START)
    store.ask('HSET', 'h', 'a', '1', 'b', '2')
    store.ask('HPEXPIRE', 'h', '10', 'FIELDS', '1', 'a')
    store.engine.keyspace.role = 'replica'
    store.clock.advance(20)
    expect(store.ask('HGETALL', 'h')).toEqual(new MapReply(names('b', '2')))
    expect([store.ask('HLEN', 'h'), store.ask('HEXISTS', 'h', 'a')]).toEqual([1, 0])
    expect(store.held().length).toBe(3)
    store.ask('HPEXPIREAT', 'h', `${START}`, 'FIELDS', '1', 'b')
    expect([store.ask('EXISTS', 'h'), store.ask('HGET', 'h', 'b')]).toEqual([0, null])
    store.ask('HDEL', 'h', 'a', 'b')
    expect(store.held()).toEqual([])
  }
})

test('many fields that are due at once go in portions, the rest of the key with the last', () => {
  limits.hashMaxListpackEntries = 0
  const store = new Store(START)
  store.record()
  const many = Array.from({ length: 1000 }, (_, i) => `f${i}`)
  store.ask('HSET', 'h', ...many.flatMap((name) => [name, 'v']))
  store.ask('HPEXPIRE', 'h', '10', 'FIELDS', '1000', ...many)
  store.effects.length = 0
  store.clock.advance(10_000)
  const removed = store.effects.map(({ argv }) => `${argv[0]} ${argv.length - 2}`)
  expect(removed.length).toBeGreaterThan(5)
  expect(removed.every((line) => line.startsWith('HDEL'))).toBe(true)
  expect(store.effects.flatMap(({ argv }) => argv.slice(2)).length).toBe(1000)
  expect(store.ask('DBSIZE')).toBe(0)
  expect(store.engine.info.text(['stats'])).toContain('expired_subkeys:1000\r\n')
  store.ask('CONFIG', 'RESETSTAT')
  expect(store.engine.info.text(['stats'])).toContain('expired_subkeys:0\r\n')
})

test('a hash without deadlines of fields costs what it did, and gives back what deadlines took', () => {
  const store = new Store(START)
  const [db] = store.engine.keyspace.databases
  store.ask('HSET', 'h', 'a', '1')
  const plain = db!.edit(raw('h'), HASH)!.byteSize
  const table = db!.deadlineBytes
  store.ask('HSET', 'g', 'a', '1')
  store.ask('HEXPIRE', 'g', '100', 'FIELDS', '1', 'a')
  expect(db!.edit(raw('g'), HASH)!.byteSize).toBeGreaterThan(plain)
  expect(db!.edit(raw('h'), HASH)!.byteSize).toBe(plain)
  expect([table, db!.deadlineBytes > 0]).toEqual([0, true])
})
