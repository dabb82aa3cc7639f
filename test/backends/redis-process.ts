/**
 * A redis-server process of a test's own, in any of its roles: server, node of a cluster, Sentinel.
 *
 * The one idea: it has a folder for itself and dies with the test, by SIGKILL at the latest when the test's process ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { raw } from '../../src/base/bytes.ts'
import { isArray, type Reply, ReplyError, Status } from '../../src/base/reply.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { freePort } from '../oracle/redis-server.ts'

const PATIENCE_MS = 10_000

const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

export class RedisProcess {
  readonly port: number
  readonly folder: string
  readonly #config: readonly string[]
  readonly #role: readonly string[]
  #child: ChildProcess | undefined

  private constructor(port: number, config: readonly string[], role: readonly string[]) {
    this.port = port
    this.folder = mkdtempSync(join(tmpdir(), 'geartrain-redis-'))
    this.#config = config
    this.#role = role
    writeFileSync(join(this.folder, 'redis.conf'), this.#text())
  }

  /** Starts a server on a free port; `config` are lines of its configuration. */
  static async start(config: readonly string[] = [], role: readonly string[] = []): Promise<RedisProcess> {
    const server = new RedisProcess(await freePort(), config, role)
    await server.start()
    return server
  }

  /** Starts it, or starts it again: same port, same folder. */
  async start(): Promise<void> {
    const child = spawn('redis-server', [join(this.folder, 'redis.conf'), ...this.#role], { stdio: 'ignore' })
    this.#child = child
    alive.add(child)
    child.once('exit', () => alive.delete(child))
    await eventually(`redis-server on ${this.port}`, async () => (await this.tryAsk('PING')) !== undefined)
  }

  /** Asks by a connection of its own; undefined when there is none. */
  async tryAsk(...words: readonly string[]): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1')
      const decoder = new ReplyDecoder()
      socket.on('error', () => resolve(undefined))
      socket.on('close', () => resolve(undefined))
      socket.on('connect', () => socket.write(encodeCommand(words.map(raw)), 'latin1'))
      socket.on('data', (chunk) => {
        decoder.push(chunk)
        const reply = decoder.next()
        if (reply === undefined) return
        resolve(reply)
        socket.destroy()
      })
    })
  }

  /** Asks; an error reply is thrown. */
  async ask(...words: readonly string[]): Promise<string> {
    const reply = await this.tryAsk(...words)
    if (reply === undefined || reply instanceof ReplyError) {
      throw new Error(`${words.join(' ')} on ${this.port}: ${reply?.message ?? 'no answer'}`)
    }
    if (reply instanceof Status) return reply.text
    return isArray(reply) ? reply.join(' ') : String(reply)
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  /** Stops its work without ending its connections, and lets it go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #text(): string {
    const own = [`port ${this.port}`, 'bind 127.0.0.1', `dir ${this.folder}`, 'protected-mode no']
    const plain = this.#role.length > 0 ? [] : ['save ""', 'appendonly no', 'enable-debug-command yes']
    return [...own, ...plain, ...this.#config, ''].join('\n')
  }
}

/** Waits until something is so; an error, with its name, when that takes too long. */
export async function eventually(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error(`${what}: not within ${PATIENCE_MS} ms`)
    await sleep(20)
  }
}
