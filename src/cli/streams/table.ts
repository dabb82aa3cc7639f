/**
 * Tables for people: columns as wide as they need to be, numbers to the right.
 */

/** What a cell holds; nothing known is a dash. */
export type Cell = string | number | null | undefined

/** Rows under a head, as lines; `bold` paints the head. No rows, no lines but `none`. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  bold: (text: string) => string,
  none = '(none)',
): string {
  if (rows.length === 0) return `${none}\n`
  const cells = rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '-' : String(cell))))
  const widths = head.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length)))
  const isNumber = head.map((_, i) => rows.every((row) => typeof row[i] !== 'string'))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return `${[bold(line(head)), ...cells.map(line)].join('\n')}\n`
}
