/**
 * SimulatedFiles: a disk in memory that forgets, at a crash, what was never brought to it.
 *
 * The one idea: two states side by side. What programs see: names and contents as of now. What the disk has: contents as
 * of each file's last sync, names as of each folder's. `crash()` makes the second the first. A disk may also have written
 * more than it was asked to: `crash(keep)` keeps a prefix of what was written since, and of the names that were changed, as
 * power loss does. Faults are put in by a function that is asked before each operation.
 */
import { FileError, type FileFacts, type Files, folderOf, type OpenFile, type OpenMode } from '../durability/files.ts'

/** What may be made to fail. */
export type FileOperation =
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'rename'
  | 'remove'
  | 'list'
  | 'syncFolder'

/** A fault: the system's code, or how many bytes a write takes. Undefined: all is well. */
export type Fault = 'EIO' | 'ENOSPC' | 'EROFS' | 'EACCES' | 'EMFILE' | { readonly takes: number } | undefined

const WORDS: Readonly<Record<string, string>> = {
  EIO: 'I/O error',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  EACCES: 'Permission denied',
  EMFILE: 'Too many open files',
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
}

const NOTHING = new Uint8Array(0)

/** A file's contents, whatever it is called. */
class Inode {
  bytes: Uint8Array = NOTHING
  size = 0
  synced: Uint8Array = NOTHING

  /** What is there now. */
  get content(): Uint8Array {
    return this.bytes.subarray(0, this.size)
  }

  append(more: Uint8Array): void {
    const size = this.size + more.length
    if (size > this.bytes.length) {
      const grown = new Uint8Array(Math.max(size, this.bytes.length * 2))
      grown.set(this.content)
      this.bytes = grown
    }
    this.bytes.set(more, this.size)
    this.size = size
  }

  cut(size: number): void {
    if (size > this.size) this.append(new Uint8Array(size - this.size))
    this.size = size
  }
}

/** A name given or taken; what it was called before goes with it. */
interface NameChange {
  readonly folder: string
  readonly apply: (names: Map<string, Inode>) => void
}

export class SimulatedFiles implements Files {
  /** Asked before each operation. */
  fault: (operation: FileOperation, path: string) => Fault = () => undefined
  /** Whether `sync` of a file, or `syncFolder`, really brings anything to the disk: otherwise it only says so. */
  syncs: (operation: 'sync' | 'syncFolder', path: string) => boolean = () => true
  /** How long a sync takes: what is written meanwhile is not part of it. */
  syncing: () => Promise<void> = async () => {}
  /** Operations so far: a test may crash at any of them. */
  operations = 0
  /** Called after each operation. */
  onOperation: ((operation: FileOperation, path: string) => void) | undefined = undefined
  readonly #folders = new Set<string>(['/', '.'])
  #names = new Map<string, Inode>()
  #safeNames = new Map<string, Inode>()
  /** Changes of names that the disk was not asked for yet, in order. */
  #changes: NameChange[] = []
  /** Counts crashes: files opened before one are gone. */
  #era = 0
  #isDown = false

  /**
   * Power is lost. Of what was written since the last sync of a file, `keep(bytes)` of so many bytes stay; names are as of
   * the last sync of their folder, and of their changes since then the first `keep(changes)` stay. Until `powerOn`
   * everything fails: who was running does not go on.
   */
  crash(keep: (unsynced: number) => number = () => 0): void {
    this.#era++
    this.#isDown = true
    const changed = this.#changes.length === 0 ? 0 : keep(this.#changes.length)
    for (const { apply } of this.#changes.slice(0, changed)) apply(this.#safeNames)
    this.#changes = []
    this.#names = new Map(this.#safeNames)
    for (const inode of new Set(this.#names.values())) {
      const now = inode.content
      const { synced } = inode
      const grown = now.length > synced.length ? now.subarray(synced.length) : NOTHING
      const kept = grown.length === 0 ? 0 : keep(grown.length)
      const after = new Uint8Array(synced.length + kept)
      after.set(synced)
      after.set(grown.subarray(0, kept), synced.length)
      inode.bytes = after
      inode.size = after.length
      inode.synced = after.slice()
    }
  }

  /** The machine runs again. */
  powerOn(): void {
    this.#isDown = false
  }

  /** The process is killed: its files are closed, the system keeps what it was given. */
  kill(): void {
    this.#era++
  }

  open(path: string, mode: OpenMode): OpenFile {
    this.#may('open', path)
    let inode = this.#names.get(path)
    if (inode === undefined) {
      if (mode === 'update' || mode === 'read') throw failure('ENOENT', path, 'Opening')
      if (!this.#folders.has(folderOf(path))) throw failure('ENOENT', path, 'Opening')
      const made = new Inode()
      inode = made
      this.#change(folderOf(path), (names) => names.set(path, made))
    } else if (mode === 'exclusive') throw failure('EEXIST', path, 'Opening')
    if (mode === 'create') inode.cut(0)
    this.#did('open', path)
    return this.#handle(path, inode)
  }

  read(path: string): Uint8Array {
    this.#may('read', path)
    const inode = this.#names.get(path)
    if (inode === undefined) throw failure('ENOENT', path, 'Reading')
    return inode.content.slice()
  }

  stat(path: string): FileFacts | undefined {
    if (this.#folders.has(path)) return { size: 0, isFolder: true }
    const inode = this.#names.get(path)
    return inode === undefined ? undefined : { size: inode.size, isFolder: false }
  }

  list(folder: string): readonly string[] | undefined {
    this.#may('list', folder)
    if (!this.#folders.has(folder)) return undefined
    const within = (path: string): boolean => path !== folder && folderOf(path) === folder
    return [...this.#names.keys(), ...this.#folders].filter(within).map((path) => path.slice(path.lastIndexOf('/') + 1))
  }

  makeFolder(path: string): void {
    for (let at = path; !this.#folders.has(at); at = folderOf(at)) this.#folders.add(at)
  }

  rename(from: string, to: string): void {
    this.#may('rename', from)
    const inode = this.#names.get(from)
    if (inode === undefined) throw failure('ENOENT', from, 'Renaming')
    const [source, target] = [folderOf(from), folderOf(to)]
    this.#change(target, (names) => {
      names.set(to, inode)
      if (source === target) names.delete(from)
    })
    if (source !== target) this.#change(source, (names) => names.delete(from))
    this.#did('rename', from)
  }

  remove(path: string): void {
    this.#may('remove', path)
    if (this.#names.has(path)) this.#change(folderOf(path), (names) => names.delete(path))
    this.#did('remove', path)
  }

  syncFolder(path: string): void {
    this.#may('syncFolder', path)
    if (this.syncs('syncFolder', path)) {
      for (const { folder, apply } of this.#changes) if (folder === path) apply(this.#safeNames)
      this.#changes = this.#changes.filter(({ folder }) => folder !== path)
    }
    this.#did('syncFolder', path)
  }

  #change(folder: string, apply: NameChange['apply']): void {
    apply(this.#names)
    this.#changes.push({ folder, apply })
  }

  #may(operation: FileOperation, path: string): { readonly takes: number } | undefined {
    if (this.#isDown) throw failure('EIO', path, 'Without power:')
    const fault = this.fault(operation, path)
    if (typeof fault === 'string') throw failure(fault, path, operation)
    return fault
  }

  #did(operation: FileOperation, path: string): void {
    this.operations++
    this.onOperation?.(operation, path)
    // What ran when the power went does not return.
    if (this.#isDown) throw failure('EIO', path, 'Without power:')
  }

  #handle(path: string, inode: Inode): OpenFile {
    const era = this.#era
    const alive = (): void => {
      if (era !== this.#era) throw failure('EIO', path, 'After a crash:')
    }
    const settle = (content: Uint8Array): void => {
      alive()
      this.#may('sync', path)
      if (this.syncs('sync', path)) inode.synced = content
      this.#did('sync', path)
    }
    return {
      path,
      get size() {
        return inode.size
      },
      read(into, position) {
        const some = inode.content.subarray(position, position + into.length)
        into.set(some)
        return some.length
      },
      write: (bytes) => {
        alive()
        const taken = Math.min(this.#may('write', path)?.takes ?? bytes.length, bytes.length)
        inode.append(bytes.subarray(0, taken))
        this.#did('write', path)
        return taken
      },
      truncate: (size) => {
        alive()
        this.#may('truncate', path)
        inode.cut(size)
        this.#did('truncate', path)
      },
      sync: async () => {
        const content = inode.content.slice()
        await this.syncing()
        settle(content)
      },
      syncNow: () => settle(inode.content.slice()),
      close() {},
    }
  }
}

const failure = (code: string, path: string, doing: string): FileError =>
  new FileError(code, WORDS[code] ?? code, path, doing)
