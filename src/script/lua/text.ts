/** Lua's spelling of names, strings and numbers. No text of a user's ever reaches Lua but through `luaString`. */
import { bytes } from '../../base/bytes.ts'
import { wellFormed } from '../shapes.ts'

const KEYWORDS =
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'
const GLOBALS =
  'redis cjson math string table tonumber tostring type unpack error pairs ipairs next select pcall KEYS ARGV NULL self'
const RESERVED = new Set(`${KEYWORDS} ${GLOBALS}`.split(' '))

/** A Lua string literal of the text's UTF-8 bytes: everything but plain ASCII is escaped by its number. */
export function luaString(text: string): string {
  const escaped = bytes(wellFormed(text)).replace(
    /[^ !#-[\]-~]/g,
    (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  )
  return `"${escaped}"`
}

/** A Lua expression for a finite number. Lua's parser takes JavaScript's spelling and loses nothing. */
export function luaNumber(value: number): string {
  // Lua 5.1 keeps 0 and -0 in one constant, so -0 is made when it is needed.
  if (Object.is(value, -0)) return 'tonumber("-0")'
  return value < 0 ? `(${value})` : String(value)
}

/** Whether a text can stand as a name: `o.name`, `{name = 1}`. */
export function isLuaName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && !KEYWORDS.split(' ').includes(text)
}

/** Gives every local a name of its own: the source's, as far as Lua takes it. */
export class LuaNames {
  readonly #taken: Set<string>

  /** `reserved` are further names that no local takes. */
  constructor(reserved: readonly string[]) {
    this.#taken = new Set([...RESERVED, ...reserved])
  }

  take(wanted: string): string {
    const plain = wanted.replace(/\W/g, '_').replace(/^(?=\d)|^$/, '_')
    let name = plain
    for (let i = 2; this.#taken.has(name); i++) name = `${plain}_${i}`
    this.#taken.add(name)
    return name
  }
}
