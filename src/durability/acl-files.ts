/**
 * ACL files on disk. A file is written beside the old one, brought to the disk, and takes its place by a rename: after a
 * crash the old users or the new ones are there, never half of them.
 */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { type Bytes, fromBuffer, toBuffer } from '../base/bytes.ts'
import type { AclFiles } from '../engine/acl/file.ts'

export const aclFiles: AclFiles = {
  read(path) {
    try {
      return fromBuffer(readFileSync(path))
    } catch (error) {
      throw new Error(systemText(error), { cause: error })
    }
  },
  replace(path, content) {
    const beside = `${path}.tmp-${process.pid}`
    try {
      write(beside, content, modeOf(path))
      renameSync(beside, path)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
    syncFolder(dirname(path))
  },
}

/** Who may read the file stays as it is; a new one is its owner's alone. */
const modeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600

function write(path: string, content: Bytes, mode: number): void {
  const file = openSync(path, 'w', mode)
  try {
    fchmodSync(file, mode & 0o777)
    const bytes = toBuffer(content)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The rename itself must be on the disk too. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The system's words for an error: `No such file or directory`. */
function systemText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0
  const text = getSystemErrorMap().get(number)?.[1] ?? error.message
  return text.charAt(0).toUpperCase() + text.slice(1)
}
