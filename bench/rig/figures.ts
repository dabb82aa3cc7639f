/**
 * Figures of benchmarks: what is between samples, and how a table of them is printed.
 *
 * The one idea: a table is Markdown, so that what a run prints is what docs/BENCHMARKS.md holds.
 */

/** The middle of some samples; of an even number, the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  return (percentile(samples, 0.5) + percentile(samples, 0.5, Math.ceil)) / 2
}

/** The sample below which a share of them lies. */
export function percentile(samples: readonly number[], share: number, round = Math.floor): number {
  const sorted = Float64Array.from(samples).sort()
  return sorted[round((sorted.length - 1) * share)] ?? Number.NaN
}

/** The mean of ratios. */
export function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
}

/** A ratio or a time, to three digits that matter; large numbers whole, with thousands apart. */
export function show(value: number): string {
  if (!Number.isFinite(value)) return '-'
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)
}

/** A Markdown table: first row the titles, numbers to the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(titles), rule, ...rows.map(line)].join('\n')
}
