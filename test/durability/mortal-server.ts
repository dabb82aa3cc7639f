/** `geartrain serve` as a process that is killed: the program as it is shipped, in one file, so that it starts in a moment. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'

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
  readonly #child: ChildProcess
  readonly #socket: string
  readonly #exited: Promise<unknown>
  #said = ''

  private constructor(folder: string, child: ChildProcess, socket: string) {
    this.folder = folder
    this.#child = child
    this.#socket = socket
    this.#exited = once(child, 'exit')
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.#said += String(chunk)))
  }

  /**
   * Starts a server on a folder; `killAt` is for kill-hook-child.ts, `by` are the words of a program that runs it.
   * Undefined when it was killed before it served; throws when it ended by itself.
   */
  static async start(
    folder: string,
    directives: readonly string[],
    killAt?: string,
    by: readonly string[] = [],
  ): Promise<MortalServer | undefined> {
    const socket = join(folder, 'socket')
    const hook = killAt === undefined ? [] : ['--import', HOOK]
    const place = ['--port', '0', '--unixsocket', socket, '--dir', join(folder, 'data')]
    const words = [...hook, PROGRAM, 'serve', ...place, '--appendonly', 'yes', '--json', ...directives]
    const env = { ...process.env, KILL_AT: killAt ?? '' }
    rmSync(socket, { force: true })
    const [program = '', ...args] = [...by, process.execPath, ...words]
    const server = new MortalServer(folder, spawn(program, args, { env }), socket)
    const out = server.#child.stdout!
    while (!server.#said.includes('"serving"')) {
      await Promise.race([once(out, 'data'), server.#exited])
      if (!server.hasEnded) continue
      if (server.#child.signalCode === 'SIGKILL') return undefined
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

  /** Names in its folder, those of the log with theirs. */
  get names(): readonly string[] {
    return readdirSync(join(this.folder, 'data'), { recursive: true }).map(String)
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
