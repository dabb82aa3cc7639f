/** Commands by what it means to send them: twice, or where they may wait. */
import { type Argv, upper } from '../../base/bytes.ts'
import type { Command } from '../../commands/command.ts'

/** Commands without keys that only tell, and may be asked again. */
const TELLING: ReadonlySet<string> = new Set([
  ...['PING', 'ECHO', 'TIME', 'INFO', 'ROLE', 'LOLWUT', 'DBSIZE', 'LASTSAVE'],
  ...['COMMAND', 'CONFIG|GET', 'CLIENT|LIST', 'CLIENT|INFO', 'PUBSUB|CHANNELS', 'PUBSUB|NUMSUB', 'PUBSUB|NUMPAT'],
  ...['SCRIPT|LOAD', 'SCRIPT|EXISTS', 'CLUSTER|SLOTS', 'CLUSTER|SHARDS', 'CLUSTER|NODES', 'CLUSTER|INFO'],
])

/** Whether a command may be sent again after its connection was lost: it changes nothing. */
export function isRepeatable(command: Pick<Command, 'name' | 'flags'> | undefined): boolean {
  return command !== undefined && (command.flags.has('readonly') || TELLING.has(command.name))
}

/** Whether a line may make its connection wait. */
export function mayWait(command: Pick<Command, 'name' | 'flags'> | undefined, argv: Argv): boolean {
  if (command?.name === 'TFCALLASYNC') return true
  if (command === undefined || !command.flags.has('blocking')) return false
  if (command.name === 'XREAD') return hasBlock(argv, 1)
  // Behind GROUP, the group and the consumer, which may be called anything.
  return command.name !== 'XREADGROUP' || hasBlock(argv, 4)
}

function hasBlock(argv: Argv, from: number): boolean {
  for (let i = from; i < argv.length; i++) {
    const word = upper(argv[i]!)
    if (word === 'BLOCK') return true
    if (word === 'STREAMS') return false
  }
  return false
}
