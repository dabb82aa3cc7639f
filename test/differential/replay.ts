/**
 * Effects replayed into a second engine: the log of what happened must lead to the same data.
 *
 * The one idea: data is compared structure by structure in process, deadlines exact to the millisecond.
 */
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { systemRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { Session } from '../../src/engine/session.ts'
import type { Effect } from '../../src/keyspace/reports.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { OurClient } from '../oracle/peers.ts'
import { canonical, itemsOf } from './differences.ts'

const DATABASES = 16

/** A fresh engine that has run these effects, its clock standing at `nowMs`. */
export function replay(effects: readonly Effect[], nowMs: number): Engine {
  const engine = new Engine({ commands: allCommands, clock: new ManualClock(nowMs), random: systemRandom })
  const session = sessionOf(engine)
  for (const { db, argv } of effects) {
    session.client.db = db
    engine.execute(session, argv)
  }
  return engine
}

/** Everything in an engine as text, key by key. Only keys with a deadline after `fromMs` or none. */
export function contentsOf(engine: Engine, fromMs: number): Map<string, string> {
  const session = sessionOf(engine)
  const ask = (...words: string[]): Reply => engine.execute(session, words.map(raw)) ?? null
  const found = new Map<string, string>()
  for (let db = 0; db < DATABASES; db++) {
    session.client.db = db
    for (const key of (itemsOf(ask('KEYS', '*')) ?? []) as readonly Bytes[]) {
      const deadline = ask('PEXPIRETIME', key)
      if (typeof deadline === 'number' && deadline > 0 && deadline < fromMs) continue
      // Reading a sorted set by SORT gives it its big form, SET finds an integer in what INCRBYFLOAT wrote as text, and
      // SETBIT of a bit that is there makes a string one to be written in: forms are no effects, in Redis neither.
      const encoding = canonical(ask('OBJECT', 'ENCODING', key))
        .replace('skiplist', 'listpack')
        .replace(/embstr|raw/, 'int')
      found.set(`${db}:${key}`, `${encoding} ${canonical(deadline)} ${textOf(ask, key)}`)
    }
  }
  return found
}

function textOf(ask: (...words: string[]) => Reply, key: Bytes): string {
  switch (canonical(ask('TYPE', key))) {
    case 'status:string':
      return canonical(ask('GET', key))
    case 'status:list':
      return canonical(ask('LRANGE', key, '0', '-1'))
    case 'status:set':
      return canonical(ask('SMEMBERS', key), true)
    case 'status:hash': {
      const items = itemsOf(ask('HGETALL', key)) ?? []
      return items
        .flatMap((item, i) => (i % 2 === 0 ? [`${canonical(item)}=${canonical(items[i + 1]!)}`] : []))
        .sort()
        .join(',')
    }
    case 'status:zset':
      return canonical(ask('ZRANGE', key, '0', '-1', 'WITHSCORES'))
    default:
      return withoutSeenTimes(canonical(ask('XINFO', 'STREAM', key, 'FULL', 'COUNT', '0')))
  }
}

/** When a consumer was last seen is no data: Redis does not log it either. */
const withoutSeenTimes = (text: string): string => text.replaceAll(/string:seen-time,number:\d+/g, 'seen')

function sessionOf(engine: Engine): Session {
  const client = new OurClient()
  client.session = engine.connect(client)
  return client.session
}
