/** Every directive of redis-server 7.0 works here, has one value here, or is refused with a reason; none is forgotten. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes, raw } from '../../src/base/bytes.ts'
import { ReplyError } from '../../src/base/reply.ts'
import { Config } from '../../src/engine/config/config.ts'
import { DIRECTIVES } from '../../src/engine/config/directives.ts'
import { LIBRARY_PREFIX } from '../../src/engine/config/library-directives.ts'
import { REFUSALS, refusalOf } from '../../src/engine/config/refused.ts'
import { SETTLEMENTS } from '../../src/engine/config/settled.ts'
import { joinDirectives, readConfigFile } from '../../src/server/directives.ts'
import { itemsOf } from '../../src/testing/cli-notation.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { projectSources, type Source, shippedOf } from '../tidy/source.ts'
import { Speaker } from '../transcripts/wire-stage.ts'

/** Directives whose default, or whether they can be set, is ours; each for the reason that docs/COMPATIBILITY.md gives. */
const OURS: ReadonlySet<string> = new Set([
  'proto-max-bulk-len',
  // Redis has one for snapshots: a store in memory has none.
  'save',
  // Where the process was started, there.
  'dir',
  // Given to this redis-server by the test itself.
  'port',
  'enable-debug-command',
])

const config = () => new Config({}, () => undefined)

function set(name: string, value: string): string {
  const target = config()
  // Those who apply it are not there.
  for (const { name: each } of DIRECTIVES) target.onChange(each, () => undefined)
  try {
    target.set([[bytes(name), bytes(value)]])
    return 'OK'
  } catch (error) {
    return error instanceof ReplyError ? error.message : String(error)
  }
}

describe.skipIf(oracleMissing)('the directives of redis-server', () => {
  let server: OracleServer
  let speaker: Speaker
  let theirs: [name: string, value: string][] = []

  beforeAll(async () => {
    server = await OracleServer.start()
    speaker = await Speaker.open(server.port)
    const items = itemsOf(await speaker.ask('CONFIG', 'GET', '*')) ?? []
    theirs = items.flatMap((name, i) => (i % 2 === 0 ? [[String(name), String(items[i + 1])]] : []))
  })
  afterAll(async () => {
    speaker.close()
    await server.stop()
  })

  test('are all known, with the same defaults', () => {
    const known = config()
    expect(theirs.length).toBeGreaterThan(190)
    const unlike = theirs.filter(([name, value]) => {
      if (refusalOf(name) !== undefined || OURS.has(name)) return false
      return known.get(name) !== value
    })
    expect(unlike).toEqual([])
    const names = new Set(theirs.map(([name]) => name))
    const ours = known
      .match(raw('*'))
      .filter(([name]) => !name.startsWith(LIBRARY_PREFIX) && !name.startsWith('geartrain-'))
    for (const [name] of ours) expect(names).toContain(name)
  })

  test('can be set, or not, as there', async () => {
    const differences: string[] = []
    for (const [name, value] of theirs) {
      if (refusalOf(name) !== undefined || OURS.has(name)) continue
      const reply = await speaker.ask('CONFIG', 'SET', name, value)
      const answer = reply instanceof ReplyError ? reply.message : 'OK'
      if (set(name, value) !== answer) differences.push(`${name}: ours ${set(name, value)}, theirs ${answer}`)
    }
    expect(differences).toEqual([])
  })
})

/** Those of which nothing has to ask: what they choose between is one and the same here, as docs/COMPATIBILITY.md says. */
const WITHOUT_CHOICE: ReadonlySet<string> = new Set([
  // Every payload is looked at in full.
  'sanitize-dump-payload',
])

/** The directives that claim to act and that none of these sources ever asks for. */
function unread(sources: readonly Source[]): string[] {
  const settled = new Set(SETTLEMENTS.flatMap(({ directives }) => directives.map(({ name }) => name)))
  return DIRECTIVES.map(({ name }) => name).filter((name) => {
    const word = new RegExp(`['}]${name.replace(LIBRARY_PREFIX, '')}['\`]`)
    return !settled.has(name) && !WITHOUT_CHOICE.has(name) && !sources.some(({ text }) => word.test(text))
  })
}

describe('a directive that is neither settled nor refused', () => {
  const sources = shippedOf(projectSources()).filter(({ path }) => !path.endsWith('directives.ts'))

  test('is read by somebody', () => {
    expect(unread(sources)).toEqual([])
  })

  test('would be found if nobody read it', () => {
    expect(unread(sources.filter(({ path }) => path !== 'src/server/listener.ts'))).toContain('tcp-backlog')
  })
})

/** Debian's package brings it; it spells out what most servers are started with. */
const STOCK = '/etc/redis/redis.conf'
const withoutStock = !existsSync(STOCK)
if (withoutStock) console.log(`skipped: the redis.conf that comes with redis-server, for there is no ${STOCK}`)

test.skipIf(withoutStock)(
  'the redis.conf that comes with redis-server is taken, but for going to the background',
  () => {
    const given = joinDirectives(readConfigFile(STOCK))
    expect(Object.keys(given).length).toBeGreaterThan(60)
    expect(() => new Config({ ...given, daemonize: 'no' }, () => undefined)).not.toThrow()
  },
)

test('a refused directive says why, a settled one takes its value only', () => {
  for (const { reason, names } of REFUSALS) {
    for (const name of names) {
      expect(config().get(name)).toBe(undefined)
      expect(set(name, 'no')).toBe(
        `ERR CONFIG SET failed (possibly related to argument '${name}') - not supported: ${reason}`,
      )
    }
  }
  for (const { reason, directives } of SETTLEMENTS) {
    for (const { name, initial, immutable } of directives) {
      expect(set(name, initial)).toBe(immutable ? set(name, 'other') : 'OK')
      if (!immutable) expect(set(name, 'other')).toContain(`- only '${initial}' is supported: ${reason}`)
      expect(() => new Config({ [name]: 'other' }, () => undefined)).toThrow(
        `only '${initial}' is supported: ${reason}`,
      )
    }
  }
})
