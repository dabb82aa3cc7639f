/**
 * A real redis-server that many transcripts are played on, one after the other.
 *
 * The one idea: before each it is made as it was at the start: no data, no clients, every directive back.
 */
import { itemsOf } from '../../src/testing/cli-notation.ts'
import { play } from '../../src/testing/transcript-play.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import type { TranscriptFile } from './files.ts'
import { Speaker, WireStage } from './wire-stage.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export class RealServer {
  readonly #server: OracleServer
  readonly #control: Speaker
  readonly #initial: ReadonlyMap<string, string>

  private constructor(server: OracleServer, control: Speaker, initial: ReadonlyMap<string, string>) {
    this.#server = server
    this.#control = control
    this.#initial = initial
  }

  static async start(): Promise<RealServer> {
    // It looks for expired keys and waits that have ended ten times as often as it would: transcripts wait less.
    const server = await OracleServer.start(['--hz', '100'])
    const control = await Speaker.open(server.port)
    return new RealServer(server, control, await directives(control))
  }

  get port(): number {
    return this.#server.port
  }

  /** Plays a transcript and gives the differences, as text. */
  async play(transcript: TranscriptFile): Promise<string> {
    await this.reset()
    const stage = this.stage(transcript.protocol ?? 2)
    const differences = await play(transcript, stage, { withoutOurs: true })
    stage.close()
    return differences.join('\n')
  }

  stage(protocol: 2 | 3): WireStage {
    return new WireStage(this.port, protocol, sleep)
  }

  async reset(): Promise<void> {
    const control = this.#control
    for (const type of ['normal', 'pubsub']) await control.ask('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes')
    const users = (itemsOf(await control.ask('ACL', 'USERS')) ?? []).map(String).filter((name) => name !== 'default')
    if (users.length > 0) await control.ask('ACL', 'DELUSER', ...users)
    await control.ask('ACL', 'LOG', 'RESET')
    const changed = [...(await directives(control))].filter(([name, value]) => this.#initial.get(name) !== value)
    for (const [name] of changed) await control.ask('CONFIG', 'SET', name, this.#initial.get(name)!)
    await control.ask('FLUSHALL')
    await control.ask('FUNCTION', 'FLUSH')
    await control.ask('SCRIPT', 'FLUSH')
    await control.ask('CONFIG', 'RESETSTAT')
    await control.ask('DEBUG', 'SET-ACTIVE-EXPIRE', '1')
  }

  async stop(): Promise<void> {
    this.#control.close()
    await this.#server.stop()
  }
}

async function directives(control: Speaker): Promise<Map<string, string>> {
  const items = itemsOf(await control.ask('CONFIG', 'GET', '*')) ?? []
  const found = new Map<string, string>()
  for (let i = 0; i < items.length; i += 2) found.set(String(items[i]), String(items[i + 1]))
  return found
}
