/**
 * The Lua text as it grows: lines with the source line each came from, blocks, names, and Lua's limits.
 *
 * The one idea: an expression that Lua cannot say as one is said as lines before it, into a temporary; whoever prints an
 * expression may find lines added. Invariant: no more than LOCALS locals are alive in a function, nor UPVALUES outer ones used.
 */
import { ScriptDefinitionError } from '../errors.ts'
import type { ScriptIR } from '../ir.ts'
import { LuaNames } from './text.ts'

/** Lua 5.1 takes 200 locals and 60 upvalues a function; some are its own. */
const LOCALS = 190
const UPVALUES = 58
/** Lua's parser takes 200 levels of blocks and parentheses together. */
const BLOCKS = 70

export interface Line {
  readonly text: string
  /** The source line, 0 for none. */
  readonly line: number
}

/** A Lua function being printed. */
interface Frame {
  alive: number
  readonly own: Set<string>
  readonly outer: Set<string>
}

/** What `break` and `continue` have to say in the loop at hand. */
export interface Loop {
  /** The body stands in `repeat … until true`, so Lua's break continues. */
  readonly isWrapped: boolean
  /** The variable that says that the loop is left. */
  readonly flag: string | undefined
}

export class Output {
  lines: Line[] = []
  /** The source line of what is being printed. */
  at = 0
  depth = 0
  readonly pieces = new Set<string>()
  readonly loops: Loop[] = []
  readonly ir: ScriptIR
  readonly #names: LuaNames
  readonly #locals = new Map<number | string, string>()
  readonly #frames: Frame[] = [{ alive: 0, own: new Set(), outer: new Set() }]
  #indent = 0

  constructor(ir: ScriptIR, reserved: readonly string[]) {
    this.ir = ir
    this.#names = new LuaNames(reserved)
  }

  emit(text: string): void {
    this.lines.push({ text: '  '.repeat(this.#indent) + text, line: this.at })
  }

  /** What is emitted inside is indented, and its locals end with it. */
  block(print: () => void): void {
    const frame = this.#frame()
    const alive = frame.alive
    this.#indent++
    if (this.#indent > BLOCKS) this.tooLarge(`blocks are nested more than ${BLOCKS} deep`)
    print()
    this.#indent--
    frame.alive = alive
  }

  /** What is emitted inside stands in `do … end` if it has locals of its own. */
  scope(print: () => void): void {
    const from = this.lines.length
    const at = this.at
    this.block(print)
    const inner = this.lines.splice(from)
    const margin = '  '.repeat(this.#indent + 1)
    if (!inner.some(({ text }) => text.startsWith(`${margin}local `))) {
      this.lines.push(...inner.map(({ text, line }) => ({ text: text.slice(2), line })))
      return
    }
    this.at = at
    this.emit('do')
    this.lines.push(...inner)
    this.emit('end')
  }

  /** The body of a Lua function. */
  functionBody(params: readonly string[], print: () => void): void {
    const loops = this.loops.splice(0)
    this.#frames.push({ alive: params.length, own: new Set(params), outer: new Set() })
    this.block(print)
    const inner = this.#frames.pop()
    const frame = this.#frame()
    if ((inner?.outer.size ?? 0) > UPVALUES) this.tooLarge(`an inner function uses more than ${UPVALUES} outer names`)
    for (const name of inner?.outer ?? []) if (!frame.own.has(name)) frame.outer.add(name)
    this.loops.push(...loops)
  }

  /** A fresh Lua name, for the source's local or argument of this key, or for a temporary. */
  name(key: number | string | undefined, wanted: string): string {
    const name = this.#names.take(wanted)
    if (key !== undefined) this.#locals.set(key, name)
    return name
  }

  /** Counts a local that begins to live here. */
  declare(name: string): string {
    const frame = this.#frame()
    frame.own.add(name)
    frame.alive++
    if (frame.alive > LOCALS) this.tooLarge(`a function has more than ${LOCALS} local names at once`)
    return name
  }

  /** The Lua name of a local, an argument or a key. */
  use(key: number | string): string {
    const name = this.#locals.get(key)
    if (name === undefined) throw new TypeError(`nothing is declared under ${key}`)
    this.#touch(name)
    return name
  }

  /** The name of a piece of the prelude, which the script gets. */
  piece(name: string): string {
    this.pieces.add(name)
    this.#touch(`piece ${name}`)
    return name
  }

  /** A temporary that holds a Lua expression from here on. */
  temp(code?: string): string {
    const name = this.declare(this.name(undefined, 't'))
    this.emit(code === undefined ? `local ${name}` : `local ${name} = ${code}`)
    return name
  }

  tooLarge(message: string): never {
    const hint = 'split the script, or group names in objects'
    throw new ScriptDefinitionError(this.ir.name, [
      { code: 'too-large', message, line: Math.max(this.at, 1), column: 1, hint },
    ])
  }

  /** Whether what is printed is the script's own level: its return is the reply. */
  get isMain(): boolean {
    return this.#frames.length === 1
  }

  #touch(name: string): void {
    const frame = this.#frame()
    if (this.#frames.length > 1 && !frame.own.has(name)) frame.outer.add(name)
  }

  #frame(): Frame {
    const frame = this.#frames.at(-1)
    if (frame === undefined) throw new TypeError('no function is being printed')
    return frame
  }
}
