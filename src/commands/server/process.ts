/** INFO, TIME and SHUTDOWN: the process behind the data. */
import { lower } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import { formatInteger } from '../../base/integers.ts'
import { ReplyError, Verbatim } from '../../base/reply.ts'
import { bytes, flag, many, oneOf } from '../args/nodes.ts'
import { command } from '../command.ts'
import { bulk, dbl, ok, tuple } from '../shape.ts'

const NEEDS_NOW = new ReplyError("ERR SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client")

/** INFO [section [section ...]] */
export const info = command({
  name: 'INFO',
  group: 'server',
  since: '1.0.0',
  summary: 'Prints the state of the server, section by section.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  acl: ['dangerous'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  args: [many('sections', bytes('section'), 0)],
  reply: bulk,
  run: ({ server }, { sections }) => new Verbatim(server.info.text(sections.map(lower))),
})

/** TIME */
export const time = command({
  name: 'TIME',
  group: 'server',
  since: '2.6.0',
  summary: 'Tells the time: seconds since 1970, and microseconds of the current second.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  tips: ['nondeterministic_output'],
  args: [],
  reply: tuple(dbl, dbl),
  run: ({ server }) => {
    const micros = server.micros()
    return [formatInteger(Math.floor(micros / 1e6)), formatInteger(micros % 1e6)]
  },
})

/** SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT] */
export const shutdown = command({
  name: 'SHUTDOWN',
  group: 'server',
  since: '1.0.0',
  summary: 'Saves the data as configured, or as told, and ends the process.',
  complexity: 'O(N), N keys, when saving',
  flags: ['admin', 'noscript', 'loading', 'stale', 'no_multi', 'allow_busy'],
  args: [...oneOf('nosave_save', flag('NOSAVE'), flag('SAVE')), flag('NOW'), flag('FORCE'), flag('ABORT')],
  reply: ok,
  run: ({ server, denyBlocking }, { nosave, save, now = false, force = false, abort = false }) => {
    const saving = save ? 'save' : nosave ? 'nosave' : undefined
    if (abort && (saving !== undefined || now || force)) throw SYNTAX
    if (!abort && !now && denyBlocking) throw NEEDS_NOW
    return server.shutdown({ save: saving, now, force, abort })
  },
})
