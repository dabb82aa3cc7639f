/** ASKING, READONLY and READWRITE: what a client says to a node of a cluster; this server is none. */
import { command } from '../command.ts'
import { ok } from '../shape.ts'
import { refuse } from './disabled.ts'

const common = {
  group: 'cluster',
  since: '3.0.0',
  complexity: 'O(1)',
  acl: ['connection'],
  args: [],
  reply: ok,
  run: refuse,
} as const

/** ASKING */
export const asking = command({
  ...common,
  name: 'ASKING',
  summary: 'Says that the next command was sent here by a node that is giving its slot away.',
  flags: ['fast'],
})

/** READONLY */
export const readonly = command({
  ...common,
  name: 'READONLY',
  summary: 'Lets this client read from a replica.',
  flags: ['loading', 'stale', 'fast'],
})

/** READWRITE */
export const readwrite = command({
  ...common,
  name: 'READWRITE',
  summary: 'Sends this client to masters again.',
  flags: ['loading', 'stale', 'fast'],
})
