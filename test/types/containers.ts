/**
 * What the containers' types let compile, and what not: read by the compiler only. A line under `@ts-expect-error` that compiles is
 * an error itself.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { z } from 'zod'
import { type Codec, json, type Message, type PayloadSchema } from '../../src/containers/index.ts'
import type { Database } from '../../src/index.ts'
import { holds } from './typed-api.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Payloads have the type that schema or codec give them. */
export async function payloads(db: Database): Promise<void> {
  const plain = db.stream('plain')
  const [first] = await plain.range()
  holds<Same<typeof first, Message<Record<string, string>> | undefined>>()
  const schema = z.object({ at: z.string().transform((text) => new Date(text)) })
  const typed = db.stream('typed', { schema })
  await typed.add({ at: '2018-01-01' })
  // @ts-expect-error: what is written is text, not what the schema makes of it
  await typed.add({ at: new Date(0) })
  const [message] = await typed.read()
  holds<Same<NonNullable<typeof message>['data'], { at: Date }>>()
  const codec: Codec<number> = { encode: (n) => ({ n }), decode: ([field]) => Number(field?.[1]) }
  const counts = db.stream('counts', { codec })
  await counts.add(5)
  // @ts-expect-error: a number is wanted
  await counts.add('5')
  const both = db.consumerGroup('g', [typed, counts])
  const [either] = await both.read()
  holds<Same<NonNullable<typeof either>['data'], { at: Date } | number>>()
  const series = db.timeSeries('t', ['a'], { codec: json() })
  const [moment] = await series.read()
  holds<Same<NonNullable<typeof moment>['data'], unknown>>()
}

/** Whatever has the interface of the standard is a schema here. */
export function schemas(schema: StandardSchemaV1<string, number>): PayloadSchema<string, number> {
  return schema
}

/** Wrong arguments don't compile. */
export async function wrongArguments(db: Database): Promise<void> {
  // @ts-expect-error: a key is missing
  db.stream()
  // @ts-expect-error: a length or an id, not both
  await db.stream('s').trim({ maxlen: 1, minid: '5-0' })
  // @ts-expect-error: neither
  await db.stream('s').trim({ exact: true })
  // @ts-expect-error: a field holds no object
  await db.stream('s').add({ nested: {} })
  // @ts-expect-error: a stream's last id and a group's place are different things
  const stream: ReturnType<Database['stream']> = db.consumerGroup('g', 's').stream('s')
  // @ts-expect-error: how long is said in milliseconds by name
  await stream.read({ block: 5 })
}
