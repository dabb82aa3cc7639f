/**
 * What TFUNCTION LIST says of triggers, as objects; and waiting for what happens in the background.
 */
import { expect } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { isArray, MapReply, type Reply } from '../../src/base/reply.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { Recorder } from '../../src/testing/index.ts'

/** A reply's maps as objects. */
function plain(reply: Reply): unknown {
  if (reply instanceof MapReply) {
    const entries: [string, unknown][] = []
    for (let i = 0; i < reply.items.length; i += 2) entries.push([String(reply.items[i]), plain(reply.items[i + 1]!)])
    return Object.fromEntries(entries)
  }
  return isArray(reply) ? reply.map(plain) : reply
}

type Facts = Readonly<Record<string, unknown>>

function objects(value: unknown): readonly Facts[] {
  if (!Array.isArray(value)) throw new Error('no list')
  return value
}

/** Everything that is listed of a library. */
export function libraryFacts(engine: Engine, library = 'L'): Facts {
  // Asked directly: while writes are paused TFUNCTION waits.
  const { session } = new Recorder(engine)
  const [found] = objects(plain(engine.services.functions!.list(session, ['vvv', 'LIBRARY', library].map(bytes))))
  return found ?? {}
}

/** What is listed of a key space trigger. */
export const keyFacts = (engine: Engine, name = 't', library = 'L'): Facts | undefined =>
  objects(libraryFacts(engine, library)['keyspace_triggers']).find((each) => each['name'] === name)

/** What is listed of a stream trigger's streams. */
export function streamFacts(engine: Engine, name = 't', library = 'L'): readonly Facts[] {
  const trigger = objects(libraryFacts(engine, library)['stream_triggers']).find((each) => each['name'] === name)
  return objects(trigger?.['streams'])
}

/** Waits until something holds that the background brings about. */
export async function until<T>(look: () => T | Promise<T>, wanted: T): Promise<void> {
  await expect.poll(look, { timeout: 20_000, interval: 5 }).toEqual(wanted)
}
