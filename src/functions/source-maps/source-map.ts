/**
 * Source maps: from a place in a library's text to the place in the source that it was made from.
 *
 * The one idea: only what an error needs: for a line and a column the nearest segment before it, with its source's name and
 * line. The map is read when the first error asks for it; a map that can't be read is as none.
 */

/** A place: the source's name, its line and column, both from 1. */
export interface Place {
  readonly source: string
  readonly line: number
  readonly column: number
}

/** `[column, source, line, column there]`, all from 0. */
type Segment = readonly [column: number, source: number, line: number, sourceColumn: number]

const INLINE = /^\/\/[#@] sourceMappingURL=data:application\/json(?:;charset=[\w-]+)?(;base64)?,(\S+)\s*$/gm
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export class SourceMap {
  readonly #text: () => string
  #read: { readonly sources: readonly string[]; readonly lines: readonly (readonly Segment[])[] } | undefined

  /** `text` gives the map's JSON, when it is first needed. */
  constructor(text: () => string) {
    this.#text = text
  }

  /** The map that a text carries at its end, inline; undefined when it has none. */
  static of(code: string): SourceMap | undefined {
    if (!code.includes('sourceMappingURL=data:')) return undefined
    const last = [...code.matchAll(INLINE)].at(-1)
    if (last === undefined) return undefined
    const [, isBase64, data = ''] = last
    return new SourceMap(() => (isBase64 ? Buffer.from(data, 'base64').toString('utf8') : unescaped(data)))
  }

  /** Where a place of the text (line and column from 1) came from; undefined when the map does not say. */
  find(line: number, column: number): Place | undefined {
    this.#read ??= readMap(this.#text())
    const segments = this.#read.lines[line - 1] ?? []
    const found = segments.findLast((segment) => segment[0] <= column - 1) ?? segments[0]
    const source = found === undefined ? undefined : this.#read.sources[found[1]]
    return source === undefined ? undefined : { source, line: found![2] + 1, column: found![3] + 1 }
  }
}

function unescaped(data: string): string {
  try {
    return decodeURIComponent(data)
  } catch {
    return ''
  }
}

function readMap(text: string) {
  try {
    const map: unknown = JSON.parse(text)
    if (typeof map !== 'object' || map === null) return NO_MAP
    const { sources, mappings }: { sources?: unknown; mappings?: unknown } = map
    if (!Array.isArray(sources) || typeof mappings !== 'string') return NO_MAP
    return { sources: sources.map(String), lines: segmentsOf(mappings) }
  } catch {
    return NO_MAP
  }
}

const NO_MAP = { sources: [], lines: [] }

/** Segments by line. All but the column count on from the segment before, over the ends of lines. */
function segmentsOf(mappings: string): Segment[][] {
  let [source, line, sourceColumn] = [0, 0, 0]
  return mappings.split(';').map((row) => {
    let column = 0
    const segments: Segment[] = []
    for (const word of row.split(',')) {
      const [byColumn, bySource, byLine, bySourceColumn] = numbersOf(word)
      if (byColumn === undefined) continue
      column += byColumn
      if (bySource === undefined || byLine === undefined || bySourceColumn === undefined) continue
      source += bySource
      line += byLine
      sourceColumn += bySourceColumn
      segments.push([column, source, line, sourceColumn])
    }
    return segments
  })
}

/** Numbers in base 64, five bits a digit, the lowest first; the sign is the lowest bit. */
function numbersOf(word: string): number[] {
  const numbers: number[] = []
  let [value, shift] = [0, 0]
  for (const char of word) {
    const digit = DIGITS.indexOf(char)
    value += (digit & 31) << shift
    if ((digit & 32) !== 0) shift += 5
    else {
      numbers.push((value & 1) === 0 ? value >> 1 : -(value >> 1))
      value = 0
      shift = 0
    }
  }
  return numbers
}
