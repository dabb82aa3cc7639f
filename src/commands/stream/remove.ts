/** XTRIM and XDEL: taking entries out of a stream. The stream stays, even an empty one. */
import type { Argv } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STREAM } from '../../keyspace/value.ts'
import { Stream } from '../../structures/stream.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { argvOf, command } from '../command.ts'
import { int } from '../shape.ts'
import { readId } from './stream-id-arg.ts'
import { readTrimming, TRIMMING, trimmedWords, trimStream } from './trim.ts'

function readWords(argv: Argv) {
  const { trim } = readTrimming(argv, false)
  return {
    key: argv[1]!,
    maxlen: trim?.strategy === 'MAXLEN' ? trim : undefined,
    minid: trim?.strategy === 'MINID' ? trim : undefined,
  }
}

/** XTRIM key [MAXLEN <= | ~> threshold | MINID <= | ~> threshold] [LIMIT limit] */
export const xtrim = command({
  name: 'XTRIM',
  group: 'stream',
  since: '5.0.0',
  summary: 'Removes the oldest entries of a stream, by its length or by an id.',
  complexity: 'O(N), N entries removed',
  flags: ['write'],
  tips: ['nondeterministic_output'],
  args: [key('key', 'RW delete'), ...TRIMMING],
  // One of the two strategies has to be given, which the grammar does not say.
  override: { arity: -4 },
  parse: readWords,
  reply: int,
  run: ({ db }, { key, maxlen, minid }): Reply => {
    const stream = db.edit(key, STREAM)
    const trim = maxlen ?? minid
    const removed = stream === undefined || trim === undefined ? 0 : trimStream(stream, trim)
    if (removed === 0) return 0
    db.event(EVENT.stream, 'xtrim', key)
    db.touched(key)
    return removed
  },
  effects: ({ db }, argv) => {
    const { trim } = readTrimming(argv, false)
    const stream = db.editAny(argv[1]!)
    if (!trim?.approximate || !(stream instanceof Stream)) return [argv]
    return [[...argvOf('XTRIM', argv[1]!), ...trimmedWords(stream, trim)]]
  },
})

/** XDEL key id [id ...] */
export const xdel = command({
  name: 'XDEL',
  group: 'stream',
  since: '5.0.0',
  summary: 'Removes entries from a stream by their ids.',
  complexity: 'O(N), N ids given',
  flags: ['write', 'fast'],
  args: [key('key', 'RW delete'), many('ids', bytes('id'))],
  reply: int,
  run: ({ db }, { key, ids }) => {
    const stream = db.edit(key, STREAM)
    if (stream === undefined) return 0
    let removed = 0
    for (const id of ids.map((word) => readId(word))) if (stream.delete(id)) removed++
    if (removed === 0) return 0
    db.touched(key)
    db.event(EVENT.stream, 'xdel', key)
    return removed
  },
})
