/** The control of the conformance suite: stores with a fault each, and every fault is found. */
import { expect, test } from 'vitest'
import type { Backend, BatchOptions, Line } from '../../src/backend/backend.ts'
import { EmbeddedBackend } from '../../src/backend/embedded/embedded-backend.ts'
import { type Argv, raw } from '../../src/base/bytes.ts'
import { isArray, type Reply, ReplyError } from '../../src/base/reply.ts'
import type { Command } from '../../src/commands/command.ts'
import { createEngine } from '../../src/create.ts'
import { databaseOn } from '../../src/open/database-on.ts'
import { conformanceCases, runCase } from '../../src/testing/conformance.ts'

/** A backend whose replies go through `spoil`. */
function spoilt(inner: Backend, spoil: (reply: Reply, command: Command | undefined) => Reply): Partial<Backend> {
  return {
    call: async (command: Command | undefined, argv: Argv) => spoil(await inner.call(command, argv), command),
    batch: async (lines: readonly Line[], options: BatchOptions) => {
      const replies = await inner.batch(lines, options)
      if (replies === null || replies instanceof ReplyError) return replies
      return replies.map((reply, i) => spoil(reply, lines[i]?.command))
    },
  }
}

const each = (reply: Reply, change: (reply: Reply) => Reply): Reply =>
  isArray(reply) ? reply.map((item) => each(item, change)) : change(reply)

const FAULTS: Readonly<Record<string, (inner: Backend) => Partial<Backend>>> = {
  'integers are rounded': (inner) =>
    spoilt(inner, (reply) => each(reply, (one) => (typeof one === 'bigint' ? Number(one) : one))),
  'bytes are taken for text': (inner) =>
    spoilt(inner, (reply) =>
      each(reply, (one) => (typeof one === 'string' ? raw(Buffer.from(one, 'latin1').toString()) : one)),
    ),
  'nil is an empty string': (inner) => spoilt(inner, (reply) => each(reply, (one) => (one === null ? raw('') : one))),
  'error replies have lost their code': (inner) =>
    spoilt(inner, (reply) => (reply instanceof ReplyError ? new ReplyError('ERR something') : reply)),
  'replies of a pipeline come in another order': (inner) => ({
    batch: async (lines, options) => {
      const replies = await inner.batch(lines, options)
      return isArray(replies) ? replies.toReversed() : replies
    },
  }),
  'MULTI is a pipeline': (inner) => ({ batch: (lines) => inner.batch(lines, { atomic: false }) }),
  'WATCH watches nothing': (inner) => ({
    session: async () => {
      const session = await inner.session()
      const call = session.call.bind(session)
      session.call = (command, argv) => (command?.name === 'WATCH' ? raw('OK') : call(command, argv))
      return session
    },
  }),
  'closing rejects nothing': (inner) => ({ close: async () => void inner }),
}

/** How many cases fail over a store with this fault, or without one. */
async function failures(fault: (inner: Backend) => Partial<Backend>, patienceMs = 1000): Promise<number> {
  const engine = createEngine()
  const patient = (work: Promise<unknown>) =>
    Promise.race([work, new Promise((_, reject) => setTimeout(reject, patienceMs, new Error('never ends')))])
  let failed = 0
  for (const one of [...conformanceCases.values()].flat()) {
    const openDatabase = async () => {
      const inner = new EmbeddedBackend(engine)
      const changed = fault(inner)
      const backend = new Proxy<Backend>(inner, {
        get: (target, name) => {
          const value: unknown = Reflect.get(name in changed ? changed : target, name)
          return typeof value === 'function' && !(name in changed) ? value.bind(target) : value
        },
      })
      return databaseOn(backend)
    }
    await patient(runCase(one, openDatabase)).catch(() => failed++)
  }
  engine.stop()
  return failed
}

test('without a fault no case fails', async () => {
  expect(await failures(() => ({}), 20_000)).toBe(0)
  expect(await failures((inner) => spoilt(inner, (reply) => reply), 20_000)).toBe(0)
})

test.each(Object.keys(FAULTS))('found: %s', async (name) => {
  expect(await failures(FAULTS[name]!)).toBeGreaterThan(0)
})
