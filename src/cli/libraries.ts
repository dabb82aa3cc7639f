/**
 * `--library <file>`: libraries read from files.
 *
 * The one idea: a file that begins with `#!js` is the text of a library and runs as one that was sent; any other is a module
 * of the operator's own. Its default export is a library (made by `library()` of geartrain/functions), or the function
 * that registers one, which then has the name of the file.
 */
import { readFile } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LibraryError } from '../functions/install.ts'
import { type LinkedLibrary, library } from '../functions/linked.ts'

/** Reads the files in order; throws `LibraryError` that names the file. */
export async function readLibraries(files: readonly string[]): Promise<(LinkedLibrary | string)[]> {
  const read: (LinkedLibrary | string)[] = []
  for (const file of files) read.push(await readLibrary(file))
  return read
}

async function readLibrary(file: string): Promise<LinkedLibrary | string> {
  try {
    const text = await readFile(file, 'utf8')
    if (text.startsWith('#!js')) return text
    const module: { readonly default?: unknown } = await import(pathToFileURL(resolve(file)).href)
    return libraryFrom(module.default, basename(file, extname(file)))
  } catch (error) {
    throw new LibraryError(`--library ${file}: ${error instanceof Error ? error.message : error}`)
  }
}

function libraryFrom(exported: unknown, fileName: string): LinkedLibrary {
  if (typeof exported === 'function')
    return library(fileName, (redis) => void Reflect.apply(exported, undefined, [redis]))
  if (isLibrary(exported)) return exported
  throw new TypeError('its default export is neither a library nor a function that takes `redis`')
}

function isLibrary(value: unknown): value is LinkedLibrary {
  return typeof value === 'object' && value !== null && 'name' in value && 'register' in value
}
