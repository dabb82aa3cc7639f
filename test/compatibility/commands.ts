/**
 * The command part of docs/COMPATIBILITY.md, from what redis-server says of its commands and we of ours.
 *
 * The one idea: nothing in it is written by hand but the reasons; a command that is missing without one, or differs
 * without one, is an error.
 */
import { bytes } from '../../src/base/bytes.ts'
import { isArray, type Reply } from '../../src/base/reply.ts'
import { compareTables, type Standing } from '../../src/cli/command-tables.ts'
import { allCommands } from '../../src/commands/all.ts'
import type { Command } from '../../src/commands/command.ts'
import { infoAsOf } from '../../src/commands/server/command-info.ts'
import { itemsOf } from '../../src/testing/cli-notation.ts'
import type { OracleServer } from '../oracle/redis-server.ts'
import { Speaker } from '../transcripts/wire-stage.ts'

/** Why commands of redis-server 7.0 are missing, by their first word. */
const MISSING: readonly (readonly [why: string, ...words: readonly string[]])[] = [
  ['Lua is to come', 'eval', 'eval_ro', 'evalsha', 'evalsha_ro', 'fcall', 'fcall_ro', 'function', 'script'],
  ['there is no replication', 'failover', 'psync', 'replconf', 'replicaof', 'slaveof', 'sync'],
  ['modules are shared libraries for redis-server', 'module'],
]

/** Why a command's description differs. */
const DIFFERS: ReadonlyMap<string, string> = new Map([
  ['zrank', '`WITHSCORE`, of Redis 7.2, may follow'],
  ['zrevrank', '`WITHSCORE`, of Redis 7.2, may follow'],
])

/** Every command and subcommand of a redis-server, and how it stands with us; and its group. */
export interface Comparison {
  readonly standings: readonly Standing[]
  readonly groups: ReadonlyMap<string, string>
}

export async function compareWith(server: OracleServer): Promise<Comparison> {
  const speaker = await Speaker.open(server.port)
  speaker.say([bytes('HELLO'), bytes('3')])
  await speaker.ask('PING')
  const theirs = await speaker.ask('COMMAND')
  const docs = itemsOf(await speaker.ask('COMMAND', 'DOCS')) ?? []
  speaker.close()
  return {
    standings: compareTables(
      allCommands.map((command) => infoAsOf(command, '7.0.15')),
      isArray(theirs) ? theirs : [],
    ),
    groups: groupsIn(docs),
  }
}

function groupsIn(docs: readonly Reply[]): ReadonlyMap<string, string> {
  const groups = new Map<string, string>()
  for (let i = 0; i < docs.length; i += 2) {
    const facts = itemsOf(docs[i + 1]!) ?? []
    groups.set(String(docs[i]), String(facts[facts.indexOf(bytes('group')) + 1]))
  }
  return groups
}

const firstWord = (name: string): string => name.split('|')[0]!
const shown = (name: string): string => `\`${name.replace('|', ' ').toUpperCase()}\``

/** The page's part. Throws for what is missing or differs without a reason. */
export function commandPart({ standings, groups }: Comparison): string {
  const known = new Set(standings.map(({ name }) => name))
  const ours = allCommands.flatMap((command) => [command, ...command.subcommands.values()])
  const added = ours.filter(({ lowerName }) => !known.has(lowerName))
  const names = [...new Set([...groups.values(), ...added.map(groupOf)])].sort()
  const rows = names.map((group) => {
    const here = standings.filter(({ name }) => groups.get(firstWord(name)) === group)
    const there = here.filter(({ is }) => is !== 'missing')
    return [
      `| ${group} | ${there.length} of ${here.length}`,
      list(here.filter(({ is, name }) => is === 'missing' && !name.includes('|')).map(({ name }) => name)),
      `${list(added.filter((command) => groupOf(command) === group).map(withVersion))} |`,
    ].join(' | ')
  })
  return [
    '| group | as in redis-server 7.0.15 | missing | newer than 7.0, or of RedisGears |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...reasonsOf(standings),
  ].join('\n')
}

const groupOf = ({ spec }: Command): string => spec.group
const withVersion = ({ lowerName, spec }: Command): string =>
  spec.group === 'triggers' ? lowerName : `${lowerName}@${spec.since}`

function list(names: readonly string[]): string {
  const texts = names.map((name) => {
    const [word = '', version] = name.split('@')
    return version === undefined ? shown(word) : `${shown(word)} (${version})`
  })
  return texts.join(', ')
}

function reasonsOf(standings: readonly Standing[]): string[] {
  const missing = standings.filter(({ is, name }) => is === 'missing' && !name.includes('|'))
  const unexplained = standings.filter(({ is, name }) => {
    if (is === 'differs') return !DIFFERS.has(name)
    return is === 'missing' && !MISSING.some(([, ...words]) => words.includes(firstWord(name)))
  })
  if (unexplained.length > 0) throw new Error(`no reason: ${unexplained.map(({ name }) => name).join(', ')}`)
  const why = MISSING.map(([reason, ...words]) => [reason, missing.filter(({ name }) => words.includes(name))] as const)
  const differing = standings.filter(({ is }) => is === 'differs')
  return [
    ...why
      .filter(([, found]) => found.length > 0)
      .map(([reason, found]) => `- Missing, because ${reason}: ${list(found.map(({ name }) => name))}.`),
    ...differing.map(
      ({ name, fields }) =>
        `- ${shown(name)} differs in ${fields.map(({ field }) => field).join(', ')}: ${DIFFERS.get(name)}.`,
    ),
  ]
}
