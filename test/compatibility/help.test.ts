/** HELP of every container: Redis' subcommands in its order, with its syntax, as many lines about each; our words. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { Status } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import { createEngine } from '../../src/create.ts'
import { itemsOf } from '../../src/testing/cli-notation.ts'
import { Recorder } from '../../src/testing/recorder.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { Speaker } from '../transcripts/wire-stage.ts'

/** Containers whose HELP redis-server prints too. */
const NAMES = allCommands
  .filter(({ name, subcommands }) => subcommands.has('HELP') && name !== 'CLUSTER' && name !== 'TFUNCTION')
  .map(({ name }) => name)

describe.skipIf(oracleMissing)('HELP', () => {
  const engine = createEngine()
  let server: OracleServer
  let speaker: Speaker
  beforeAll(async () => {
    server = await OracleServer.start()
    speaker = await Speaker.open(server.port)
  })
  afterAll(async () => {
    speaker.close()
    engine.stop()
    await server.stop()
  })

  test.each(NAMES)('of %s', async (name) => {
    const theirs = itemsOf(await speaker.ask(name, 'HELP')) ?? []
    const ours = itemsOf(new Recorder(engine).run([bytes(name), bytes('HELP')])[0]!) ?? []
    const texts = [theirs, ours].map((lines) => lines.map((line) => (line instanceof Status ? line.text : 'no status')))
    const [real, mine] = texts.map((lines) => lines.map((line) => (/^ {4}/.test(line) ? '    …' : line)))
    expect(mine).toEqual(real)
    const prose = texts[0]!.filter((line) => /^ {4}\w/.test(line) && line.length > 40)
    expect(texts[1]!.filter((line) => prose.includes(line))).toEqual([])
  })
})
