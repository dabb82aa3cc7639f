/**
 * Sparkline: values as a curve of characters, for LATENCY GRAPH.
 *
 * The one idea: a value has one of twelve heights, three in each of four rows; the columns below its mark are filled.
 * Labels stand under their columns, written downwards.
 */

/** A value and what is written under it. */
export interface Point {
  readonly value: number
  readonly label: string
}

/** Marks of the three heights in a row, lowest first. */
const MARKS = '_o#'
const FILLED = '|'
const ROWS = 4
const WIDTH = 80

/** Draws the points, 80 to a band, each band ended by a line break. */
export function sparkline(points: readonly Point[]): string {
  const values = points.map(({ value }) => value)
  const lowest = Math.min(...values)
  const range = Math.max(...values) - lowest || 1
  const heights = values.map((value) => heightOf(value - lowest, range))
  const bands: string[] = []
  for (let from = 0; from < points.length; from += WIDTH) {
    bands.push(band(heights.slice(from, from + WIDTH), points.slice(from, from + WIDTH)))
  }
  return bands.join('\n')
}

function band(heights: readonly number[], points: readonly Point[]): string {
  const rows: string[] = []
  for (let row = ROWS - 1; row >= 0; row--) rows.push(heights.map((height) => charOf(height, row)).join(''))
  rows.push(' '.repeat(points.length))
  const longest = Math.max(...points.map(({ label }) => label.length))
  for (let i = 0; i < longest; i++) rows.push(points.map(({ label }) => label[i] ?? ' ').join(''))
  return rows.map((row) => `${row}\n`).join('')
}

/** 0 to 11. */
function heightOf(value: number, range: number): number {
  const most = MARKS.length * ROWS
  return Math.min(most - 1, Math.trunc((value * most) / range))
}

/** What stands in a row (0 is the lowest) of a column so high. */
function charOf(height: number, row: number): string {
  const mark = height - row * MARKS.length
  if (mark < 0) return ' '
  return MARKS[mark] ?? FILLED
}
