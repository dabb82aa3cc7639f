/**
 * What a path holds: one file, or a store's folder with its parts in the order in which they are loaded.
 *
 * The one idea: the manifest names the parts of a log, and only the last of them may end torn: a server was writing it.
 */
import { dirname, join } from 'node:path'
import { diskFiles } from '../../durability/disk-files.ts'
import { FileError, type OpenFile } from '../../durability/files.ts'
import { checkManifest, parseManifest } from '../../durability/manifest.ts'
import { isUnfinished } from '../../durability/rdb-file.ts'
import { systemCode } from '../../server/errors.ts'

/** A file to look at. */
export interface Part {
  readonly path: string
  readonly kind: 'rdb' | 'aof'
  /** Where its end may be cut off: it is the last of its log. */
  readonly isLast: boolean
}

/** A path that leads to nothing that can be looked at. */
export class PartsError extends Error {
  readonly code = 'GEARTRAIN_FILES'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'PartsError'
  }
}

const MANIFEST = '.manifest'

/** The parts that a path stands for. Throws `PartsError`. */
export function partsAt(path: string): readonly Part[] {
  const facts = look(path)
  if (facts === undefined) throw new PartsError(`There is nothing at ${path}.`)
  if (!facts.isFolder) return path.endsWith(MANIFEST) ? partsOfManifest(path) : [partOf(path, true)]
  const parts = [...snapshotsIn(path), ...logsIn(path)]
  if (parts.length === 0) {
    throw new PartsError(`${path} holds no .rdb or .aof file, and no folder with a .manifest: is it a store's?`)
  }
  return parts
}

function look(path: string) {
  try {
    return diskFiles.stat(path)
  } catch (error) {
    throw new PartsError(`${path} cannot be looked at (${systemCode(error)}).`, error)
  }
}

const snapshotsIn = (folder: string): Part[] =>
  names(folder)
    .filter((name) => name.endsWith('.rdb') && !/\.base\.rdb$/.test(name) && !isUnfinished(name))
    .map((name) => partOf(join(folder, name), true))

/** Logs in a folder, or in a folder below it; a single file of old Redis counts as one. */
function logsIn(folder: string): Part[] {
  const manifests = [folder, ...names(folder).map((name) => join(folder, name))]
    .filter((each) => look(each)?.isFolder === true)
    .flatMap((each) =>
      names(each)
        .filter((name) => name.endsWith(MANIFEST))
        .map((name) => join(each, name)),
    )
  if (manifests.length > 0) return manifests.flatMap(partsOfManifest)
  return names(folder)
    .filter((name) => name.endsWith('.aof'))
    .map((name) => partOf(join(folder, name), true))
}

const names = (folder: string): readonly string[] => [...(diskFiles.list(folder) ?? [])].toSorted()

function partsOfManifest(path: string): Part[] {
  const manifest = parseManifest(Buffer.from(diskFiles.read(path)).latin1Slice(), path)
  const folder = dirname(path)
  checkManifest(
    manifest,
    path,
    names(folder).map((name) => ({ name, size: look(join(folder, name))?.size ?? 0 })),
  )
  const { base, increments } = manifest
  const listed = [...(base === undefined ? [] : [base]), ...increments]
  if (listed.length === 0) throw new PartsError(`${path} names no part of a log.`)
  return listed.map(({ name }, i) => {
    const file = join(folder, name)
    if (look(file) === undefined) throw new PartsError(`${path} names ${name}, which is not there.`)
    return partOf(file, i === listed.length - 1)
  })
}

const partOf = (path: string, isLast: boolean): Part => ({
  path,
  kind: path.endsWith('.rdb') ? 'rdb' : kindOf(path),
  isLast,
})

/** Files of other names are told apart by their first bytes; one that begins as a snapshot may go on as a log. */
function kindOf(path: string): 'rdb' | 'aof' {
  if (path.endsWith('.aof')) return 'aof'
  const file = opened(path)
  try {
    const head = Buffer.alloc(5)
    const begin = head.latin1Slice(0, file.read(head, 0))
    if (begin === 'REDIS') return 'rdb'
    if (/^(?:[*#]|$)/.test(begin)) return 'aof'
    throw new PartsError(`${path} is neither a snapshot nor a log: it begins with ${JSON.stringify(begin)}.`)
  } finally {
    file.close()
  }
}

function opened(path: string): OpenFile {
  try {
    return diskFiles.open(path, 'read')
  } catch (error) {
    if (error instanceof FileError) throw new PartsError(`${error.message}.`, error)
    throw error
  }
}
