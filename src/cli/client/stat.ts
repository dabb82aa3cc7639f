/**
 * `--stat`: a line of figures about the server at every interval.
 */
import type { Reply } from '../../base/reply.ts'
import { Verbatim } from '../../base/reply.ts'
import { accepted } from './scan.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

const HEAD = `\
------- data ------ --------------------- load -------------------- - child -
keys       mem      clients blocked requests            connections          
`
const ROWS_PER_HEAD = 20
const CHILDREN: readonly (readonly [field: string, name: string])[] = [
  ['rdb_bgsave_in_progress', 'SAVE'],
  ['aof_rewrite_in_progress', 'AOF'],
  ['loading', 'LOAD'],
]

/** Prints rows until the connection is lost. Throws `ConnectionLost` then. */
export async function watchStatistics(session: Session, terminal: Terminal, intervalMs: number): Promise<void> {
  let before: number | undefined
  for (let row = 0; ; row++) {
    const info = readInfo(accepted(await session.ask('INFO'), 'ERROR: '))
    if (row % ROWS_PER_HEAD === 0) await terminal.print(HEAD)
    const requests = info('total_commands_processed')
    await terminal.print(statRow(info, requests - (before ?? requests)))
    before = requests
    await terminal.wait(intervalMs)
  }
}

type Info = (field: string) => number

/** One row of the table. */
function statRow(info: Info, fresh: number): string {
  const columns: readonly (readonly [value: string, width: number])[] = [
    [`${info('keys')}`, 11],
    [inUnits(info('used_memory')), 9],
    [`${info('connected_clients')}`, 8],
    [`${info('blocked_clients')}`, 8],
    [`${info('total_commands_processed')} (+${fresh})`, 20],
    [`${info('total_connections_received')}`, 12],
  ]
  const children = CHILDREN.filter(([field]) => info(field) > 0).map(([, name]) => name)
  return `${columns.map(([value, width]) => value.padEnd(width)).join('')}${children.join('+')}\n`
}

/** Reads INFO's numbers; `keys` is the sum over all databases. */
export function readInfo(reply: Reply): Info {
  const text = reply instanceof Verbatim ? reply.text : String(reply)
  const fields = new Map([...text.matchAll(/^(\w+):(\d+)/gm)].map(([, name, value]) => [name, Number(value)]))
  const keys = [...text.matchAll(/^db\d+:keys=(\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
  return (field) => (field === 'keys' ? keys : (fields.get(field) ?? 0))
}

/** `1.70M`. */
export function inUnits(count: number): string {
  if (count < 1024) return `${count}B`
  const power = Math.min(4, Math.floor(Math.log2(count) / 10))
  return `${(count / 1024 ** power).toFixed(2)}${'BKMGT'.charAt(power)}`
}
