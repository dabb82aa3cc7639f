/**
 * `geartrain functions test`: a library's own tests, in this process, on a clock that they move.
 *
 * The one idea: `stats.test.ts` stands beside `stats.ts`, and each function that it exports is a test. It is given an empty
 * store of its own in which the library is loaded, as a server would have it: `{ db, clock }`, as of `openForTest`.
 */
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { missingIsolates } from '../../guest/hosts/isolate/isolated-vm.ts'
import { openForTest, type TestStore } from '../../testing/open-for-test.ts'
import { bundledTests, bundlerOf, DeployError } from './bundle.ts'

type Trial = (store: TestStore) => unknown

/** Runs the tests of a file and tells what became of each. Throws a DeployError when one failed, or when there are none. */
export async function tryLibrary(file: string, write: (text: string) => void): Promise<void> {
  const code = await (await bundlerOf(libraryOf(file))).build()
  const trials = await trialsIn(file)
  let failed = 0
  for (const [name, trial] of trials) {
    const problem = await problemOf(code, trial)
    if (problem !== undefined) failed++
    write(problem === undefined ? `ok ${name}\n` : `not ok ${name}\n  ${problem.replaceAll('\n', '\n  ')}\n`)
  }
  if (failed > 0) throw new DeployError(`${failed} of ${trials.length} tests failed`)
}

function libraryOf(file: string): string {
  const library = file.replace(/\.test(\.[cm]?[jt]s)$/, '$1')
  if (library === file) throw new DeployError(`${file} is no test: the tests of lib.ts are in lib.test.ts, beside it`)
  if (!existsSync(file)) throw new DeployError(`${file} can not be read`)
  return library
}

async function trialsIn(file: string): Promise<(readonly [name: string, trial: Trial])[]> {
  const module = await imported(file)
  const trials: (readonly [string, Trial])[] = []
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === 'function') trials.push([name, (store) => Reflect.apply(value, undefined, [store])])
  }
  if (trials.length === 0) throw new DeployError(`${file} exports no functions: each is a test`)
  return trials
}

/** The module of a file. One that must be bundled is written beside it for a moment, where its imports are found. */
async function imported(file: string): Promise<object> {
  const text = await bundledTests(file)
  if (text === undefined) return import(pathToFileURL(resolve(file)).href)
  const place = join(dirname(resolve(file)), `.${basename(file)}.${process.pid}.mjs`)
  try {
    await writeFile(place, text)
    const module: object = await import(pathToFileURL(place).href)
    return module
  } finally {
    await rm(place, { force: true })
  }
}

async function problemOf(code: string, trial: Trial): Promise<string | undefined> {
  await using store = await openForTest({ engine: { functions: { trustLibraries: missingIsolates() !== undefined } } })
  try {
    await store.db.functions.load(code)
    await trial(store)
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}
