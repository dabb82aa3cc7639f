/**
 * A reader who does what a page says, block by block, in an empty folder where the package is installed.
 *
 * - `ts` and `js`: run; what `console.log(…) // text` prints must be that text. `ts` must satisfy the strict compiler, too.
 * - `sh`: run, and must succeed. `geartrain serve` goes on in the background until the page ends.
 * - `redis`: played as a transcript, `> ` for the one client or `A> ` for several: on the page's own server when it has
 *   started one, else on an engine in process.
 *
 * Port 7000 stands for a free one. The package is what `dist/` holds: the test command builds before it tests.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { parseTranscript } from '../../src/testing/transcript.ts'
import { EngineStage } from '../../src/testing/transcript-engine.ts'
import { play } from '../../src/testing/transcript-play.ts'
import { freePort } from '../oracle/redis-server.ts'
import { WireStage } from '../transcripts/wire-stage.ts'
import type { Block } from './blocks.ts'

const run = promisify(execFile)

const INSTALLED = ['ioredis', 'redis', 'zod', '@types/node', 'undici-types']
const STRICT = [
  '--strict',
  '--module',
  'nodenext',
  '--target',
  'es2023',
  '--types',
  'node',
  '--noEmit',
  '--skipLibCheck',
]
const PATIENCE_MS = 120_000

export class Reader {
  readonly folder = mkdtempSync(join(tmpdir(), 'geartrain-docs-'))
  readonly #port: number
  readonly #background: ChildProcess[] = []
  #stage: WireStage | EngineStage | undefined
  #written = 0

  private constructor(port: number) {
    this.#port = port
    const modules = join(this.folder, 'node_modules')
    mkdirSync(join(modules, '.bin'), { recursive: true })
    mkdirSync(join(modules, '@types'))
    symlinkSync(resolve('.'), join(modules, 'geartrain'))
    for (const name of INSTALLED) symlinkSync(resolve('node_modules', name), join(modules, name))
    const program = join(modules, '.bin/geartrain')
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${resolve('dist/cli/main.js')}" "$@"\n`)
    chmodSync(program, 0o755)
    writeFileSync(join(this.folder, 'package.json'), '{ "name": "reader", "private": true, "type": "module" }')
  }

  static async open(): Promise<Reader> {
    return new Reader(await freePort())
  }

  /** Does what a block says; the difference between that and what happens, or `''`. */
  async follow(block: Block): Promise<string> {
    const code = block.code.replaceAll('7000', `${this.#port}`)
    const { kind, value = '' } = block.mark ?? {}
    if (kind === 'skip') return ''
    if (kind === 'from') return readFileSync(value, 'utf8').includes(code) ? '' : `${value} does not say so`
    if (kind === 'file') return this.#save(value, code)
    switch (block.language) {
      case 'ts':
      case 'js':
        return this.#program(code, block.language)
      case 'sh':
        return /^(npx )?geartrain serve/m.test(code) ? this.#serve(code) : this.#shell(code)
      case 'redis':
        return this.#transcript(code)
      default:
        return `a block in '${block.language}' that nobody reads: mark it <!-- skip: why -->`
    }
  }

  close(): void {
    this.#stage?.close()
    for (const { pid, exitCode } of this.#background) {
      if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL')
    }
    rmSync(this.folder, { recursive: true, force: true })
  }

  #save(name: string, code: string): string {
    writeFileSync(join(this.folder, name), code)
    return ''
  }

  async #program(code: string, language: 'ts' | 'js'): Promise<string> {
    const file = `block-${++this.#written}.${language}`
    this.#save(file, code)
    if (language === 'ts') {
      const compiled = await this.#run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...STRICT, file])
      if (!compiled.ok) return compiled.printed
    }
    const { ok, printed } = await this.#run(process.execPath, ['--import', import.meta.resolve('tsx'), file])
    const expected = [...code.matchAll(/^ *console\.log\(.*\) \/\/ (.+)$/gm)].map(([, text]) => text)
    if (!ok) return printed
    return printed.trimEnd() === expected.join('\n') ? '' : `printed\n${printed}instead of\n${expected.join('\n')}`
  }

  async #shell(code: string): Promise<string> {
    const { ok, printed } = await this.#run('bash', ['-euo', 'pipefail', '-c', code])
    return ok ? '' : printed
  }

  async #run(program: string, words: readonly string[]): Promise<{ ok: boolean; printed: string }> {
    const path = `${join(this.folder, 'node_modules/.bin')}:${process.env.PATH}`
    const env = { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: undefined }
    try {
      const { stdout, stderr } = await run(program, [...words], { cwd: this.folder, env, timeout: PATIENCE_MS })
      return { ok: true, printed: stdout + stderr }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const { stdout = '' } = error as { stdout?: string }
      return { ok: false, printed: `${error.message}\n${stdout}` }
    }
  }

  async #serve(code: string): Promise<string> {
    const path = `${join(this.folder, 'node_modules/.bin')}:${process.env.PATH}`
    const env = { ...process.env, PATH: path }
    // A group of its own, so that whatever the shell started ends with it.
    const child = spawn('bash', ['-c', code], { cwd: this.folder, env, detached: true })
    this.#background.push(child)
    let printed = ''
    child.stdout.on('data', (chunk) => (printed += chunk))
    child.stderr.on('data', (chunk) => (printed += chunk))
    const until = Date.now() + PATIENCE_MS
    while (!/serving/.test(printed) && child.exitCode === null && Date.now() < until) await sleep(20)
    if (!/serving/.test(printed)) return `does not serve: ${printed}`
    this.#stage?.close()
    this.#stage = new WireStage(this.#port, 2, (ms) => sleep(ms))
    return ''
  }

  async #transcript(code: string): Promise<string> {
    this.#stage ??= new EngineStage(2)
    const lines = code.replaceAll(/^> /gm, 'A> ')
    return (await play(parseTranscript(`# a page\n\n${lines}`), this.#stage)).join('\n')
  }
}
