/**
 * The lock of a store's folder: two processes never write into one.
 *
 * The one idea: a file in the folder names the process that has it, and that process' start, so that the mark of one that was
 * killed does not count, not even when its number has been given to another. A stale lock is taken over under a second,
 * short-lived file, so that of two who find it stale only one takes it. A lock of another machine (or container) cannot be
 * judged from here and counts.
 */
import { constants, copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { DurabilityError } from './durable.ts'

/** A folder that is ours. */
export interface FolderLock {
  /** Lets others have it. */
  release(): void
}

/** Who has a folder. */
interface Holder {
  readonly pid: number
  readonly host: string
  /** When the process began, as far as the system tells; empty elsewhere. */
  readonly start: string
  /** The folder itself, whatever its name: in a copy of it the lock means nothing. */
  readonly folder: string
}

const LOCK = 'geartrain.lock'
const TAKEOVER = 'geartrain.lock.takeover'
const MODE = 0o640

/** Takes a folder, which is made when it is not there. Throws `DurabilityError` LOCKED, or DISK. */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    if (!created(path, folder)) takeOver(folder, path)
  } catch (error) {
    if (error instanceof DurabilityError) throw error
    if (error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOTDIR')) {
      throw new DurabilityError('DISK', folder, `${folder} is no folder, and cannot be made one`, undefined, error)
    }
    const why = error instanceof Error ? error.message : String(error)
    throw new DurabilityError('DISK', folder, `${folder} cannot be locked: ${why}`, undefined, error)
  }
  const release = (): void => {
    process.off('exit', release)
    const holder = holderOf(path)
    if (holder !== undefined && isSelf(holder)) rmSync(path, { force: true })
  }
  // A process that ends without closing must not stand in the way of one that cannot tell (another container).
  process.once('exit', release)
  return { release }
}

/** Throws `DurabilityError` LOCKED where a process has the folder. */
export function refuseIfLocked(folder: string): void {
  refuseIfHeld(folder, join(folder, LOCK))
}

/** Writes a lock of ours where there is none; false where there is one. It appears whole: nobody reads half of it. */
function created(path: string, folder: string): boolean {
  const draft = `${path}.${process.pid}-${threadId}`
  writeFileSync(draft, `${JSON.stringify(self(folder))}\n`, { mode: MODE })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    // A disk without links.
    return copied(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

function copied(draft: string, path: string): boolean {
  try {
    copyFileSync(draft, path, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function takeOver(folder: string, path: string): void {
  refuseIfHeld(folder, path)
  const takeover = join(folder, TAKEOVER)
  if (!created(takeover, folder)) {
    const other = holderOf(takeover)
    if (other !== undefined && isAlive(other, folder)) throw locked(folder, other)
    // Whoever was taking over was killed while doing so.
    rmSync(takeover, { force: true })
    if (!created(takeover, folder)) throw locked(folder, holderOf(takeover))
  }
  try {
    // Someone may have been faster.
    refuseIfHeld(folder, path)
    rmSync(path, { force: true })
    if (!created(path, folder)) throw locked(folder, holderOf(path))
  } finally {
    rmSync(takeover, { force: true })
  }
}

function refuseIfHeld(folder: string, path: string): void {
  const holder = holderOf(path)
  if (holder !== undefined && isAlive(holder, folder)) throw locked(folder, holder)
}

function locked(folder: string, holder: Holder | undefined): DurabilityError {
  return new DurabilityError('LOCKED', folder, `${folder} is in use ${reasonFor(folder, holder)}`)
}

function reasonFor(folder: string, holder: Holder | undefined): string {
  if (holder === undefined) return 'by another process.'
  if (isSelf(holder)) {
    return `by this process (${holder.pid}): other threads get the store by db.port(), or by db.listen().`
  }
  if (holder.host === hostname()) return `by process ${holder.pid}: talk to that one, or end it.`
  const file = join(folder, LOCK)
  return `by process ${holder.pid} on ${holder.host}: if that one has ended, remove ${file} and try again.`
}

/** Who is named in a lock; undefined when there is none, or nothing that can be read (its writer was killed). */
function holderOf(path: string): Holder | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isHolder(found) ? found : undefined
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isHolder(found: unknown): found is Holder {
  if (typeof found !== 'object' || found === null) return false
  const words = ['host', 'start', 'folder'].map((name): unknown => Reflect.get(found, name))
  return Number.isSafeInteger(Reflect.get(found, 'pid')) && words.every((word) => typeof word === 'string')
}

const self = (folder: string): Holder => {
  return { pid: process.pid, host: hostname(), start: startOf(process.pid), folder: identityOf(folder) }
}

const identityOf = (folder: string): string => `${statSync(folder, { bigint: true }).ino}`

function isSelf({ pid, host, start }: Holder): boolean {
  return pid === process.pid && host === hostname() && start === startOf(pid)
}

/** Whether the process that a lock names may still run. */
function isAlive({ pid, host, start, folder: marked }: Holder, folder: string): boolean {
  if (marked !== identityOf(folder)) return false
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    // It is there and another user's.
    if (codeOf(error) !== 'EPERM') return false
  }
  const now = startOf(pid)
  return start === '' || now === '' || now === start
}

/** When a process began: which boot, and how long after it. Linux tells; elsewhere a number in use counts as the same process. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name, in parentheses, may hold anything; the 20th field behind it is the start.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${boot}+${ticks}`
  } catch {
    return ''
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
