/** `geartrain serve` as a process that is killed: the program as it is shipped, in one file, so that it starts in a moment. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { basename, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { build } from 'esbuild'
import { Trail } from './trail.ts'

/** As deep as the program in `dist`, which looks for the package's version from there. */
const FOLDER = resolve('node_modules/.cache')
const PROGRAM = join(FOLDER, `mortal-server-${process.pid}.mjs`)
const HOOK = join(FOLDER, `mortal-server-${process.pid}-hook.mjs`)

/** Makes the program; call it before the first server is started. */
export async function bundleServer(): Promise<void> {
  await build({
    entryPoints: [
      { in: 'src/cli/main.ts', out: basename(PROGRAM, '.mjs') },
      { in: join(import.meta.dirname, 'kill-hook-child.ts'), out: basename(HOOK, '.mjs') },
    ],
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
}

export function removeBundle(): void {
  for (const file of [PROGRAM, HOOK]) rmSync(file, { force: true })
}

export class MortalServer {
  readonly folder: string
  /** What it has told of its files. */
  readonly trail = new Trail()
  readonly #child: ChildProcess
  readonly #socket: string
  readonly #exited: Promise<unknown>
  #said = ''

  private constructor(folder: string, child: ChildProcess, socket: string) {
    this.folder = folder
    this.#child = child
    this.#socket = socket
    // Then everything it has said is here, too.
    this.#exited = once(child, 'close')
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.#said += String(chunk)))
    const trail = child.stdio[3]
    if (!(trail instanceof Readable)) return
    trail.on('data', (chunk) => {
      this.trail.push(String(chunk))
      if (this.trail.isHeld) this.kill()
    })
  }

  /**
   * Starts a server on a folder; `holdAt` is for kill-hook-child.ts, `by` are the words of a program that runs it. It may
   * have been killed before it served: then it has ended. Throws when it ended by itself.
   */
  static async start(
    folder: string,
    directives: readonly string[],
    holdAt = '',
    by: readonly string[] = [],
  ): Promise<MortalServer> {
    const socket = join(folder, 'socket')
    const place = ['--port', '0', '--unixsocket', socket, '--dir', join(folder, 'data')]
    const words = ['--import', HOOK, PROGRAM, 'serve', ...place, '--appendonly', 'yes', '--json', ...directives]
    const env = { ...process.env, HOLD_AT: holdAt }
    rmSync(socket, { force: true })
    const [program = '', ...args] = [...by, process.execPath, ...words]
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const
    const server = new MortalServer(folder, spawn(program, args, { env, stdio: [...stdio] }), socket)
    const out = server.#child.stdout!
    while (!server.#said.includes('"serving"')) {
      await Promise.race([once(out, 'data'), server.#exited])
      if (!server.hasEnded) continue
      if (server.#child.signalCode === 'SIGKILL') return server
      throw new Error(`the server ended: ${server.#said}`)
    }
    return server
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  async connect(): Promise<Socket> {
    const socket = connect(this.#socket)
    await once(socket, 'connect')
    return socket
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Resolves when it is gone, whoever killed it. */
  async ended(): Promise<void> {
    await this.#exited
    if (this.#child.signalCode !== 'SIGKILL') throw new Error(`the server ended: ${this.#said}`)
  }
}
