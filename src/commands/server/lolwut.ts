/**
 * LOLWUT: the version, under a drawing. Ours is a train of gears, as many as the version asked for says.
 *
 * The one idea: neighbours turn against each other, so every second gear shows its teeth between those of the one before.
 */
import { type Argv, raw, upper } from '../../base/bytes.ts'
import { NOT_AN_INTEGER } from '../../base/errors.ts'
import { parseInteger } from '../../base/integers.ts'
import { Verbatim } from '../../base/reply.ts'
import { integer, option, words } from '../args/nodes.ts'
import { command } from '../command.ts'
import { bulk } from '../shape.ts'

const GEARS: readonly (readonly string[])[] = [
  ['  _n_n_  ', ' C     D ', ' C  o  D ', ' C     D ', '  "u"u"  '],
  ['  n_n_n  ', ' /     \\ ', ' C  o  D ', ' \\     / ', '  u"u"u  '],
]
const USUAL = 3
const MOST = 12
const ROWS = 5

function train(count: number): string {
  const rows = Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: count }, (_gear, i) => GEARS[i % 2]![row]).join(''),
  )
  return rows.map((row) => `${row.trimEnd()}\n`).join('')
}

/** Words other than VERSION and its number are let pass, as Redis does. */
function read(argv: Argv): { version?: number; arg: Argv } {
  const [, first, second, ...rest] = argv
  if (first === undefined || second === undefined || upper(first) !== 'VERSION') return { arg: argv.slice(1) }
  const version = parseInteger(second)
  if (version === undefined) throw NOT_AN_INTEGER
  return { version: Number(version), arg: rest }
}

/** LOLWUT [VERSION version] [arg [arg ...]] */
export const lolwut = command({
  name: 'LOLWUT',
  group: 'server',
  since: '5.0.0',
  summary: 'Draws gears and prints the version.',
  flags: ['readonly', 'fast'],
  args: [option('VERSION', integer('version')), words('arg')],
  parse: read,
  reply: bulk,
  run: (_, { version = USUAL }) =>
    new Verbatim(raw(`${train(Math.min(Math.max(version, 1), MOST))}Redis ver. 7.0.15\n`)),
})
