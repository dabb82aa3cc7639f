/**
 * Loaded into a server before the program (`node --import`): tells its parent on descriptor 3 what becomes of the files that
 * are to take the place of others, and holds the process at the system call that the variable HOLD_AT names, until it is
 * killed: `rename before 3` is the moment between a file's fsync and its rename, `rename after 1` that before the folder's
 * fsync; then there are `fdatasyncSync after 1`, `fdatasync before 2`, and `writeSync within 40`, where half of it is written.
 * So a process dies where nobody outside could hit it. `writeSync never` is the control: what is written to the log is
 * dropped, and said to be there.
 *
 * It also tells when an fsync of the log begins that nobody waits for (`everysec`), and when the first write behind it is
 * done: what is answered in between is written only then, as with redis-server.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'

const TRAIL = 3
/** Who was to kill this process is gone. */
const ORPHANED_MS = 120_000

const [call = '', when = '', count = '0'] = (process.env.HOLD_AT ?? '').split(' ')
let left = Number(count)

const { closeSync, fdatasync, fdatasyncSync, openSync, renameSync, rmSync, writeSync } = fs
/** Files that are open, by what they are called. */
const names = new Map<number, string>()
/** Whether an fsync of the log has ended, and what was answered meanwhile is still to be written. */
let isOwed = false
/** Temporary files of which nothing was written since their last fsync. */
const synced = new Set<string>()

const isLog = (name: string): boolean => name.endsWith('.incr.aof')
const isTemporary = (name: string): boolean => name.startsWith('temp-')

function tell(event: string, name: string): void {
  if (isTemporary(name)) writeSync(TRAIL, `${event} ${name}\n`)
}

function hold(): void {
  writeSync(TRAIL, 'held\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ORPHANED_MS)
  process.kill(process.pid, 'SIGKILL')
}

/** Whether this is the call at which the process dies. */
const isDue = (asked: string): boolean => asked === call && --left === 0

function wasSynced(fd: number): void {
  const name = names.get(fd) ?? ''
  synced.add(name)
  tell('synced', name)
}

Object.assign(fs, {
  openSync: (path: fs.PathLike, flags: fs.OpenMode, mode?: fs.Mode) => {
    const fd = openSync(path, flags, mode)
    const name = basename(String(path))
    names.set(fd, name)
    tell('open', name)
    return fd
  },
  closeSync: (fd: number) => {
    names.delete(fd)
    closeSync(fd)
  },
  writeSync: (fd: number, bytes: Uint8Array, from: number, length: number, at: number | null) => {
    const name = names.get(fd) ?? ''
    if (isLog(name)) {
      if (when === 'never') return length
      if (isDue('writeSync')) {
        writeSync(fd, bytes, from, Math.floor(length / 2), at)
        hold()
      }
    }
    if (synced.delete(name)) tell('wrote', name)
    const taken = writeSync(fd, bytes, from, length, at)
    if (isOwed && isLog(name)) {
      isOwed = false
      writeSync(TRAIL, 'written\n')
    }
    return taken
  },
  fdatasyncSync: (fd: number) => {
    const due = isDue('fdatasyncSync')
    if (due && when === 'before') hold()
    fdatasyncSync(fd)
    wasSynced(fd)
    if (due) hold()
  },
  fdatasync: (fd: number, done: fs.NoParamCallback) => {
    const due = isDue('fdatasync')
    if (due && when === 'before') hold()
    const ofLog = isLog(names.get(fd) ?? '')
    if (ofLog) {
      isOwed = false
      writeSync(TRAIL, `syncing ${Number(process.hrtime.bigint()) / 1e6}\n`)
    }
    fdatasync(fd, (error) => {
      if (error === null) wasSynced(fd)
      if (ofLog) isOwed = true
      if (due) hold()
      done(error)
    })
  },
  renameSync: (from: fs.PathLike, to: fs.PathLike) => {
    const name = basename(String(from))
    tell('rename', name)
    const due = synced.has(name) && isDue('rename')
    if (due && when === 'before') hold()
    renameSync(from, to)
    tell('renamed', name)
    if (due) hold()
  },
  rmSync: (path: fs.PathLike, options?: fs.RmOptions) => {
    rmSync(path, options)
    tell('removed', basename(String(path)))
  },
})
syncBuiltinESMExports()
