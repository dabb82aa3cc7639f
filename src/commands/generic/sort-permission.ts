/**
 * Who may use SORT's patterns: BY and GET read keys that nobody named, so only a user who may read every key has them.
 *
 * The one idea: Redis refuses while it reads the words, so what is wrong before the pattern is told first and what is
 * wrong behind it is not.
 */
import { type Argv, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { parseInteger } from '../../base/integers.ts'
import { GATE } from '../client.ts'
import type { Context } from '../context.ts'

const denied = (option: string) => err(`${option} option of SORT denied due to insufficient ACL permissions.`)
const BY_DENIED = denied('BY')
const GET_DENIED = denied('GET')

/** How many words follow each option. */
const FOLLOWING: ReadonlyMap<string, number> = new Map([
  ['ASC', 0],
  ['DESC', 0],
  ['ALPHA', 0],
  ['LIMIT', 2],
  ['STORE', 1],
  ['BY', 1],
  ['GET', 1],
])

/** Refuses patterns to a client that may not read every key. */
export function checkPatterns({ client, server }: Context, argv: Argv): undefined {
  if ((client.gate & GATE.restricted) === 0) return undefined
  const refused = firstPattern(argv)
  if (refused === undefined) return undefined
  const command = server.table.find(argv)
  if (command !== undefined && server.acl.mayReadAllKeys(client, command, argv)) return undefined
  throw refused === 'BY' ? BY_DENIED : GET_DENIED
}

/** The first option that reads other keys, if nothing wrong stands before it. BY without `*` reads none. */
function firstPattern(argv: Argv): 'BY' | 'GET' | undefined {
  for (let i = 2; i < argv.length; i++) {
    const option = upper(argv[i]!)
    const following = FOLLOWING.get(option)
    if (following === undefined || i + following >= argv.length) return undefined
    if (option === 'GET') return 'GET'
    if (option === 'BY' && argv[i + 1]!.includes('*')) return 'BY'
    if (option === 'LIMIT' && (!isInteger(argv, i + 1) || !isInteger(argv, i + 2))) return undefined
    i += following
  }
  return undefined
}

const isInteger = (argv: Argv, at: number): boolean => parseInteger(argv[at]!) !== undefined
