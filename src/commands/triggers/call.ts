/** TFCALL and TFCALLASYNC: functions of libraries, called by name. */
import type { KeySpec } from '../args/key-specs.ts'
import { bytes, called, late, numkeys, words } from '../args/nodes.ts'
import { command } from '../command.ts'
import { any } from '../shape.ts'
import { functionsOf } from './service.ts'

/** The number of keys is read after the library is found, so the grammar leaves it unread and this says where keys stand. */
const KEYS: readonly KeySpec[] = [
  { flags: ['RW', 'access', 'update'], begin: { index: 2 }, find: { numAt: 0, firstAt: 1, step: 1 } },
]

const common = {
  group: 'triggers',
  since: '7.2.0',
  complexity: 'That of the function',
  flags: ['noscript', 'may_replicate', 'movablekeys'],
  args: [
    called('library.function', bytes('name')),
    late('rest', [numkeys('keys', 'RW access update', { min: 0 }), words('arg')]),
  ],
  reply: any,
  override: { arity: -3, keySpecs: KEYS },
} as const

/** TFCALL library.function numkeys [key [key ...]] [arg [arg ...]] */
export const tfcall = command({
  ...common,
  name: 'TFCALL',
  summary: 'Calls a function of a library: it runs in one go, and nothing else meanwhile.',
  run: (ctx, { name, rest }) => functionsOf(ctx).call(ctx, name, rest, false),
})

/** TFCALLASYNC library.function numkeys [key [key ...]] [arg [arg ...]] */
export const tfcallasync = command({
  ...common,
  name: 'TFCALLASYNC',
  summary: 'Calls a function of a library and waits for the promise that it may return.',
  run: (ctx, { name, rest }) => functionsOf(ctx).call(ctx, name, rest, true),
})
