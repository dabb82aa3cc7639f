/** CLIENT TRACKING, CACHING, GETREDIR and TRACKINGINFO: a connection that caches what it reads. */
import { type Argv, type Bytes, raw, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { MapReply, OK, Replies, type Reply, type ReplyError, SetReply } from '../../base/reply.ts'
import { bytes, choice, flag, integer, late, option, options } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import type { ClientsPort } from '../context.ts'
import { arrayOf, bulk, int, ok, record, setOf } from '../shape.ts'
import type { TrackingOptions, TrackingState } from './tracking-state.ts'

const ONE_REDIRECTION = err('A client can only redirect to a single other client')
const NO_TARGET = err('The client ID you want redirect to does not exist')
const PREFIX_ALONE = err('PREFIX option requires BCAST mode to be enabled')
const MODE_SWITCHED = err(
  "You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.",
)
const BCAST_ALONE = err('OPTIN and OPTOUT are not compatible with BCAST')
const BOTH = err("You can't specify both OPTIN mode and OPTOUT mode")
const OPT_SWITCHED = err(
  "You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.",
)
const NOT_TRACKING = err(
  'CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
)
const NOT_OPTIN = err('CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.')
const NOT_OPTOUT = err('CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.')

const common = {
  group: 'connection',
  since: '6.0.0',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
} as const

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Reads what follows ON or OFF. A client to redirect to must be there when its number is read. */
function readOptions(words: Argv, clients: ClientsPort): TrackingOptions {
  const prefixes: Bytes[] = []
  const read: Mutable<TrackingOptions> = {
    redirect: 0,
    bcast: false,
    prefixes,
    optin: false,
    optout: false,
    noloop: false,
  }
  for (let i = 0; i < words.length; i++) {
    const word: string = upper(words[i]!)
    const value = words[i + 1]
    if (word === 'BCAST') read.bcast = true
    else if (word === 'OPTIN') read.optin = true
    else if (word === 'OPTOUT') read.optout = true
    else if (word === 'NOLOOP') read.noloop = true
    else if (word === 'PREFIX' && value !== undefined) prefixes.push(words[++i]!)
    else if (word === 'REDIRECT' && value !== undefined) {
      if (read.redirect !== 0) throw ONE_REDIRECTION
      read.redirect = readInteger(words[++i]!)
      if (clients.byId(read.redirect) === undefined) throw NO_TARGET
    } else throw SYNTAX
  }
  return read
}

/** What forbids these options: each other, or what the client has asked for before. */
function conflict(options: TrackingOptions, before: TrackingState | undefined): ReplyError | undefined {
  const { bcast, optin, optout, prefixes } = options
  if (!bcast && prefixes.length > 0) return PREFIX_ALONE
  if (before !== undefined && before.bcast !== bcast) return MODE_SWITCHED
  if (bcast && (optin || optout)) return BCAST_ALONE
  if (optin && optout) return BOTH
  if ((optin && before?.optout === true) || (optout && before?.optin === true)) return OPT_SWITCHED
  return undefined
}

const overlap = (a: Bytes, b: Bytes): boolean => a.startsWith(b) || b.startsWith(a)

const OVERLAPPING = 'Prefixes for a single client must not overlap.'

/** The first prefix that overlaps, by its place among those given, and what there is to say about it. */
function overlapping(
  prefixes: readonly Bytes[],
  before: readonly Bytes[],
): { readonly at: number; readonly among: boolean; readonly error: ReplyError } | undefined {
  for (const [at, prefix] of prefixes.entries()) {
    const old = before.find((other) => overlap(other, prefix))
    if (old !== undefined) {
      const error = err(`Prefix '${prefix}' overlaps with an existing prefix '${old}'. ${OVERLAPPING}`)
      return { at, among: false, error }
    }
    const other = prefixes.slice(at + 1).find((next) => overlap(next, prefix))
    if (other !== undefined) {
      const error = err(`Prefix '${prefix}' overlaps with another provided prefix '${other}'. ${OVERLAPPING}`)
      return { at, among: true, error }
    }
  }
  return undefined
}

/** CLIENT TRACKING <ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP] */
export const clientTracking = command({
  ...common,
  name: 'CLIENT|TRACKING',
  summary: 'Tells the connection, or another one, when keys change that it has read, or keys with a prefix.',
  args: [
    // The options are looked at first, and one of them in the light of who is connected.
    late('tracking', [
      choice('status', ['ON', 'OFF']),
      option('REDIRECT', integer('client-id')),
      options('PREFIX', bytes('prefix')),
      flag('BCAST'),
      flag('OPTIN'),
      flag('OPTOUT'),
      flag('NOLOOP'),
    ]),
  ],
  override: { arity: -3 },
  reply: ok,
  run: ({ client, server }, { tracking: [status, ...words] }): Reply => {
    const given = readOptions(words, server.clients)
    const turned: string = upper(status!)
    if (turned === 'OFF') {
      server.tracking.disable(client)
      return OK
    }
    if (turned !== 'ON') throw SYNTAX
    const refusal = conflict(given, client.tracking)
    if (refusal !== undefined) throw refusal
    const found = given.bcast ? overlapping(given.prefixes, client.tracking?.prefixes ?? []) : undefined
    // Redis says so and goes on when two of those given overlap, unless the first of them is the first of all.
    if (found !== undefined && (!found.among || found.at === 0)) throw found.error
    server.tracking.enable(client, given)
    return found === undefined ? OK : new Replies([found.error, OK])
  },
})

/** CLIENT CACHING <YES | NO> */
export const clientCaching = command({
  ...common,
  name: 'CLIENT|CACHING',
  summary: 'Has the keys of the next command tracked, or not, where that is to be said each time.',
  // Read after the state: who does not track is told so first.
  args: [late('caching', [choice('mode', ['YES', 'NO'])])],
  override: { arity: 3 },
  reply: ok,
  run: ({ client: { tracking } }, { caching: [word] }) => {
    if (tracking === undefined) throw NOT_TRACKING
    const mode: string = upper(word!)
    if (mode !== 'YES' && mode !== 'NO') throw SYNTAX
    if (mode === 'YES' && !tracking.optin) throw NOT_OPTIN
    if (mode === 'NO' && !tracking.optout) throw NOT_OPTOUT
    tracking.caching = true
    return OK
  },
})

/** CLIENT GETREDIR */
export const clientGetredir = command({
  ...common,
  name: 'CLIENT|GETREDIR',
  summary: 'Tells which connection hears of keys in the place of this one: 0 is itself, -1 that it does not track.',
  args: [],
  reply: int,
  run: ({ client }) => client.tracking?.redirect ?? -1,
})

function flagsOf(state: TrackingState | undefined): Bytes[] {
  if (state === undefined) return [raw('off')]
  const { bcast, optin, optout, noloop, caching, isBroken } = state
  const flags: readonly (readonly [flag: string, has: boolean])[] = [
    ['on', true],
    ['bcast', bcast],
    ['optin', optin],
    ['caching-yes', optin && caching],
    ['optout', optout],
    ['caching-no', optout && caching],
    ['noloop', noloop],
    ['broken_redirect', isBroken],
  ]
  return flags.filter(([, has]) => has).map(([name]) => raw(name))
}

/** CLIENT TRACKINGINFO */
export const clientTrackinginfo = command({
  ...common,
  name: 'CLIENT|TRACKINGINFO',
  since: '6.2.0',
  summary: 'Tells whether and how the connection tracks keys.',
  args: [],
  reply: record({ flags: setOf(bulk), redirect: int, prefixes: arrayOf(bulk) }),
  run: ({ client: { tracking } }) =>
    new MapReply([
      raw('flags'),
      new SetReply(flagsOf(tracking)),
      raw('redirect'),
      tracking?.redirect ?? -1,
      raw('prefixes'),
      tracking?.prefixes ?? [],
    ]),
})
