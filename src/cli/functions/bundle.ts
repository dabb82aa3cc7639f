/**
 * Bundling a library: one text of a file and all that it imports, with its first line, the prologue, kept.
 *
 * The one idea: esbuild does it, keeps the first line as it would a program's, and carries the map to the sources inline, so that errors name them. It is the user's own:
 * without it only files that need no bundling are taken.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** What keeps a library from being deployed. */
export class DeployError extends Error {
  readonly code = 'GEARTRAIN_DEPLOY'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DeployError'
  }
}

/** What is used of esbuild. */
interface Esbuild {
  context(options: object): Promise<{
    rebuild(): Promise<BuildResult>
    watch(): Promise<void>
    dispose(): Promise<void>
  }>
}

interface BuildResult {
  readonly outputFiles?: readonly { readonly text: string }[]
  readonly errors: readonly { readonly text: string }[]
}

/** A bundle that can be made again, or each time that a file of it changes. */
export interface Bundler {
  build(): Promise<string>
  /** Calls `take` with each bundle from now on, the first included; `onProblem` with what keeps one from being made. */
  watch(take: (code: string) => void, onProblem: (error: DeployError) => void): Promise<void>
  close(): Promise<void>
}

/** Opens a library's file. Throws a DeployError for one that is no library, or that needs an esbuild which is not there. */
export async function bundlerOf(file: string): Promise<Bundler> {
  const source = await readSource(file)
  if (!source.startsWith('#!js ')) {
    throw new DeployError(`${file} is no library: its first line is '#!js api_version=1.0 name=<name>'.`)
  }
  const esbuild = await findEsbuild()
  if (esbuild !== undefined) return new EsbuildBundler(esbuild, file)
  if (/\.[cm]?tsx?$/.test(file) || /^\s*import\b/m.test(source)) {
    throw new DeployError(`${file} must be bundled, which takes the package esbuild: npm install --save-dev esbuild`)
  }
  return new PlainText(file)
}

/** A file of tests as one module, packages left out; undefined for JavaScript, which is imported as it is. */
export async function bundledTests(file: string): Promise<string | undefined> {
  if (/\.[cm]?js$/.test(file)) return undefined
  const esbuild = await findEsbuild()
  if (esbuild === undefined) {
    throw new DeployError(`${file} must be bundled, which takes the package esbuild: npm install --save-dev esbuild`)
  }
  const context = await esbuild.context({
    entryPoints: [resolve(file)],
    bundle: true,
    write: false,
    outfile: 'tests.mjs',
    format: 'esm',
    platform: 'node',
    packages: 'external',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
  })
  try {
    return textIn(await context.rebuild())
  } catch (error) {
    throw notBuilt(file, error)
  } finally {
    await context.dispose()
  }
}

async function readSource(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new DeployError(`${file} can not be read: ${error instanceof Error ? error.message : error}`, error)
  }
}

/** The user's esbuild; undefined when there is none. */
async function findEsbuild(): Promise<Esbuild | undefined> {
  const name = 'esbuild'
  try {
    const found: unknown = await import(name)
    return isEsbuild(found) ? found : undefined
  } catch {
    return undefined
  }
}

function isEsbuild(value: unknown): value is Esbuild {
  return typeof value === 'object' && value !== null && 'context' in value
}

class EsbuildBundler implements Bundler {
  readonly #esbuild: Esbuild
  readonly #file: string
  #close = async (): Promise<void> => {}

  constructor(esbuild: Esbuild, file: string) {
    this.#esbuild = esbuild
    this.#file = file
  }

  async build(): Promise<string> {
    const context = await this.#esbuild.context(this.#options([]))
    try {
      return textIn(await context.rebuild())
    } catch (error) {
      throw notBuilt(this.#file, error)
    } finally {
      await context.dispose()
    }
  }

  async watch(take: (code: string) => void, onProblem: (error: DeployError) => void): Promise<void> {
    const ended = (result: BuildResult): void => {
      const [problem] = result.errors
      if (problem === undefined) take(textIn(result))
      else onProblem(notBuilt(this.#file, problem.text))
    }
    const plugin = {
      name: 'geartrain',
      setup: (build: { onEnd(listener: (result: BuildResult) => void): void }) => build.onEnd(ended),
    }
    const context = await this.#esbuild.context(this.#options([plugin]))
    this.#close = () => context.dispose()
    await context.watch()
  }

  close(): Promise<void> {
    return this.#close()
  }

  /** Async functions stay such: a library is told by them what runs in the background. */
  #options(plugins: readonly object[]): object {
    return {
      entryPoints: [resolve(this.#file)],
      absWorkingDir: dirname(resolve(this.#file)),
      bundle: true,
      write: false,
      outfile: 'library.js',
      format: 'iife',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      charset: 'utf8',
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
      plugins,
    }
  }
}

/** A file that is its own bundle. */
class PlainText implements Bundler {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  build(): Promise<string> {
    return readSource(this.#file)
  }

  async watch(): Promise<void> {
    throw new DeployError('--watch takes the package esbuild: npm install --save-dev esbuild')
  }

  async close(): Promise<void> {}
}

function textIn({ outputFiles = [] }: BuildResult): string {
  return outputFiles[0]?.text ?? ''
}

function notBuilt(file: string, error: unknown): DeployError {
  return new DeployError(`${file} can not be bundled: ${error instanceof Error ? error.message : error}`, error)
}
