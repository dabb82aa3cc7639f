/** Which version brought a command: said where a server doesn't know it. */
import { bytes } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'

const UNKNOWN = /^ERR unknown (sub)?command/i

/** The reply; a complaint about a command that our table knows says also which version has it. */
export function withSince(reply: Reply, command: Command | undefined, serverVersion: string | undefined): Reply {
  if (!(reply instanceof ReplyError) || command === undefined || !UNKNOWN.test(reply.message)) return reply
  const name = command.name.replace('|', ' ')
  const where =
    command.spec.group === 'triggers'
      ? `${name} is a command of Geartrain's`
      : `${name} came with Redis ${command.spec.since}`
  return new ReplyError(reply.message + bytes(` (${where}; this server is ${serverVersion ?? 'of another version'})`))
}
