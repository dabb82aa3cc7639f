/**
 * A real redis-server of our own for a test: started on a free port, without files, stopped with the test.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

export class OracleServer {
  readonly port: number
  readonly #process: ChildProcess
  readonly #directory: string

  private constructor(port: number, process: ChildProcess, directory: string) {
    this.port = port
    this.#process = process
    this.#directory = directory
  }

  /** Starts redis-server; `options` are further directives (`--name value`). */
  static async start(options: readonly string[] = []): Promise<OracleServer> {
    const port = await freePort()
    const directory = mkdtempSync(join(tmpdir(), 'geartrain-oracle-'))
    const words = ['--port', `${port}`, '--save', '', '--appendonly', 'no', '--dir', directory]
    const child = spawn('redis-server', [...words, '--enable-debug-command', 'yes', ...options], { stdio: 'ignore' })
    const server = new OracleServer(port, child, directory)
    for (let tries = 0; tries < 200; tries++) {
      const socket = await server.tryConnect()
      if (socket !== undefined) {
        socket.destroy()
        return server
      }
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    await server.stop()
    throw new Error('redis-server did not start')
  }

  /** A raw connection. */
  async connect(): Promise<Socket> {
    const socket = await this.tryConnect()
    if (socket === undefined) throw new Error('redis-server refused the connection')
    return socket
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve))
      this.#process.kill('SIGKILL')
      await ended
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }

  private tryConnect(): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1')
      socket.setNoDelay(true)
      socket.once('error', () => resolve(undefined))
      socket.once('connect', () => resolve(socket))
    })
  }
}
