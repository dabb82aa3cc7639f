/** SAVE, BGSAVE and LASTSAVE: the RDB file. */
import { flag } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int, ok, status } from '../shape.ts'
import { NO_FOLDER, type SnapshotService } from './persistence-service.ts'

function snapshots({ server }: Context): SnapshotService {
  const { snapshots } = server.services
  if (snapshots === undefined) throw NO_FOLDER
  return snapshots
}

/** SAVE */
export const save = command({
  name: 'SAVE',
  group: 'server',
  since: '1.0.0',
  summary: 'Writes all data to the RDB file and answers when it is on the disk; nobody is served meanwhile.',
  complexity: 'O(N), N keys',
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  args: [],
  reply: ok,
  run: (ctx) => snapshots(ctx).save(),
})

/** BGSAVE [SCHEDULE] */
export const bgsave = command({
  name: 'BGSAVE',
  group: 'server',
  since: '1.0.0',
  summary: 'Writes all data, as it is now, to the RDB file while everyone is served.',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'no_async_loading'],
  args: [flag('SCHEDULE')],
  reply: status('Background saving started', 'Background saving scheduled'),
  run: (ctx, { schedule = false }) =>
    snapshots(ctx).saveInBackground(schedule, ctx.server.transactions.executing || ctx.denyBlocking),
})

/** LASTSAVE */
export const lastsave = command({
  name: 'LASTSAVE',
  group: 'server',
  since: '1.0.0',
  summary: 'Tells when the RDB file was last written, in seconds since 1970.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  acl: ['admin', 'dangerous'],
  tips: ['nondeterministic_output'],
  args: [],
  reply: int,
  run: (ctx) => snapshots(ctx).lastSave,
})
