/**
 * Loaded into a server before the program (`node --import`): kills the process, as `kill -9` does, at a system call that the
 * variable KILL_AT names: `renameSync before 3`, `fdatasyncSync after 1`, `fdatasync before 2`, `writeSync within 40`. So a
 * process dies between an fsync and a rename, where nobody outside could hit it. `writeSync never` is the control: what is
 * written to the log is dropped, and said to be there.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [call = '', when = '', count = '0'] = (process.env.KILL_AT ?? '').split(' ')
let left = Number(count)

const die = (): void => void process.kill(process.pid, 'SIGKILL')
/** Whether this is the call at which the process dies. */
const isDue = (): boolean => --left === 0

const { renameSync, fdatasyncSync, fdatasync, writeSync, openSync } = fs
const logs = new Set<number>()

if (call === 'renameSync') {
  fs.renameSync = (from, to) => {
    const due = isDue()
    if (due && when === 'before') die()
    renameSync(from, to)
    if (due) die()
  }
}
if (call === 'fdatasyncSync') {
  fs.fdatasyncSync = (fd) => {
    const due = isDue()
    if (due && when === 'before') die()
    fdatasyncSync(fd)
    if (due) die()
  }
}
if (call === 'fdatasync') {
  Object.assign(fs, {
    fdatasync: (fd: number, done: fs.NoParamCallback) => {
      const due = isDue()
      if (due && when === 'before') die()
      fdatasync(fd, (error) => {
        if (due) die()
        done(error)
      })
    },
  })
}
if (call === 'writeSync') {
  fs.openSync = (path, flags, mode) => {
    const fd = openSync(path, flags, mode)
    logs.delete(fd)
    if (String(path).endsWith('.incr.aof')) logs.add(fd)
    return fd
  }
  Object.assign(fs, {
    writeSync: (fd: number, bytes: Uint8Array, from: number, length: number, at: number | null) => {
      const isLog = logs.has(fd)
      if (isLog && when === 'never') return length
      if (isLog && isDue()) {
        writeSync(fd, bytes, from, Math.floor(length / 2), at)
        die()
      }
      return writeSync(fd, bytes, from, length, at)
    },
  })
}
syncBuiltinESMExports()
