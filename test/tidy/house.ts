/** Checks of the house as a whole: doors, decision pages, and documents that agree with the folders they describe. */
import type { Finding, Source } from './source.ts'

/** What package.json says about doors. */
export interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
}

/** Every folder with an `index.ts` is a door of the package, and every door has its `index.ts`. */
export function doorsAmiss(sources: readonly Source[], manifest: Manifest): readonly Finding[] {
  const doors = Object.entries(manifest.exports).filter(([door]) => door !== './package.json')
  const expected = new Map(
    sources
      .map(({ path }) => /^src\/(?:([\w-]+)\/)?index\.ts$/.exec(path))
      .filter((match) => match !== null)
      .map(([path, folder]) => [folder === undefined ? '.' : `./${folder}`, path]),
  )
  const missing = [...expected].filter(([door]) => manifest.exports[door] === undefined)
  return [
    ...missing.map(([door, path]) => `package.json:1 has no door ${door} for ${path}`),
    ...doors.flatMap(([door, target]) => {
      const path = expected.get(door)
      if (path === undefined) return [`package.json:1 has a door ${door} without an index.ts`]
      const stem = path.replace(/^src/, './dist').replace(/\.ts$/, '')
      const isRight = typeof target === 'object' && target.types === `${stem}.d.ts` && target.default === `${stem}.js`
      return isRight ? [] : [`package.json:1 the door ${door} does not open ${stem}`]
    }),
  ]
}

/** Decision pages are numbered without a gap, and have a context, a decision and consequences. */
export function decisionsAmiss(sources: readonly Source[]): readonly Finding[] {
  const pages = sources.filter(({ path }) => path.startsWith('docs/decisions/')).toSorted(byPath)
  return pages.flatMap(({ path, text }, i) => {
    const number = String(i + 1).padStart(4, '0')
    const findings = path.startsWith(`docs/decisions/${number}-`) ? [] : [`${path}:1 should be number ${number}`]
    const absent = ['Context', 'Decision', 'Consequences'].filter((part) => !text.includes(`\n## ${part}\n`))
    return [...findings, ...absent.map((part) => `${path}:1 has no section "${part}"`)]
  })
}

function byPath(a: Source, b: Source): number {
  return a.path < b.path ? -1 : 1
}

/** A Markdown page has one title, and it comes first. */
export function titlesAmiss(sources: readonly Source[]): readonly Finding[] {
  return sources
    .filter(({ path }) => path.endsWith('.md'))
    .filter(({ text }) => {
      const prose = text.replace(/^```[\s\S]*?^```/gm, '')
      return !prose.startsWith('# ') || (prose.match(/^# /gm) ?? []).length !== 1
    })
    .map(({ path }) => `${path}:1 should open with its title, the only one`)
}

const QUOTE = /<!-- from (\S+) -->\n```\w+\n([\s\S]*?)```/g

/** Code that a page quotes from a file (`<!-- from path -->` above the block) stands in that file, to the letter. */
export function quotesAmiss(sources: readonly Source[]): readonly Finding[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]))
  return sources
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(QUOTE)]
        .filter(([, from, code]) => !texts.get(from!)?.includes(code!))
        .map((match) => `${path}:${text.slice(0, match.index).split('\n').length} ${match[1]} no longer says so`),
    )
}
