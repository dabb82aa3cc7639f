/** Printed parts of a page: what stands between `<!-- printed: name -->` and `<!-- end -->`. */

const bounds = (name: string): readonly [open: string, close: string] => [
  `<!-- printed: ${name} -->\n`,
  '\n<!-- end -->',
]

/** The part of that name; undefined when the page has none. */
export function partOf(page: string, name: string): string | undefined {
  const [open, close] = bounds(name)
  const from = page.indexOf(open)
  const to = page.indexOf(close, from)
  return from < 0 || to < 0 ? undefined : page.slice(from + open.length, to)
}

/** The page with the part of that name replaced. */
export function withPart(page: string, name: string, part: string): string {
  const [open, close] = bounds(name)
  const before = partOf(page, name)
  if (before === undefined) throw new Error(`the page has no part '${name}'`)
  return page.replace(`${open}${before}${close}`, () => `${open}${part}${close}`)
}
