/**
 * Reply mode: what a client gets after CLIENT REPLY OFF or SKIP.
 *
 * The one idea: silence covers replies, never what is pushed: a silenced client still hears messages, and the
 * confirmations of its subscriptions, which are pushes too.
 */
import { NO_REPLY, PushReply, Replies, type Reply } from '../base/reply.ts'
import { type Client, GATE } from '../commands/client.ts'

/** What a client gets of a reply; `NO_REPLY` when nothing. SKIP covers the next command's reply, then it is over. */
export function audible(client: Client, reply: Reply): Reply {
  switch (client.replyMode) {
    case 'off':
      return pushesOf(reply)
    case 'skip-next':
      return pushesOf(reply)
    case 'skip':
      client.replyMode = 'on'
      client.gate &= ~GATE.reply
      return pushesOf(reply)
    default:
      client.gate &= ~GATE.reply
      return reply
  }
}

function pushesOf(reply: Reply): Reply {
  if (reply instanceof PushReply) return reply
  return reply instanceof Replies ? new Replies(reply.items.filter((item) => item instanceof PushReply)) : NO_REPLY
}
