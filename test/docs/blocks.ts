/**
 * The fenced blocks of a page, each with the mark that stands before it.
 *
 * A mark is an HTML comment on the line above the fence, which readers do not see:
 * `<!-- skip: why -->` is not run; `<!-- file: name -->` is saved under that name for the blocks that follow;
 * `<!-- from path -->` is a quotation of that source.
 */

/** One fenced block. */
export interface Block {
  readonly language: string
  readonly code: string
  /** The line of its fence, from 1. */
  readonly line: number
  readonly mark: { readonly kind: 'skip' | 'file' | 'from'; readonly value: string } | undefined
}

const FENCE = /^```(\w*)$/
const MARK = /^<!-- (?:(skip|file): |(from) )(.+) -->$/

/** Reads the blocks in their order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  const lines = page.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const [, language] = FENCE.exec(lines[i]!) ?? []
    if (language === undefined) continue
    const end = lines.indexOf('```', i + 1)
    if (end < 0) throw new Error(`line ${i + 1}: a block without an end`)
    blocks.push({ language, code: `${lines.slice(i + 1, end).join('\n')}\n`, line: i + 1, mark: markOf(lines[i - 1]) })
    i = end
  }
  return blocks
}

function markOf(line: string | undefined): Block['mark'] {
  const [, named, from, value] = MARK.exec(line ?? '') ?? []
  const kind = named ?? from
  if (value === undefined) return undefined
  return { kind: kind === 'skip' || kind === 'file' ? kind : 'from', value }
}
