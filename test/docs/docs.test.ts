/**
 * What the pages say is done: every block of README, CONTRIBUTING and the guides is run, played or found in its source.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differences } from '../differential/differences.ts'
import { oracleMissing } from '../oracle/available.ts'
import { type Block, blocksOf } from './blocks.ts'
import { Reader } from './reader.ts'

const guides = readdirSync('docs').filter((name) => name.endsWith('.md') && name !== 'BENCHMARKS.md')
const parts = readdirSync('docs/guides').filter((name) => name.endsWith('.md'))
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...[...guides, ...parts.map((name) => `guides/${name}`)].map((name) => `docs/${name}`),
]

const READING_TIMEOUT_MS = 300_000

/** Blocks that are not run: pictures, and what only a person at a terminal can do. */
const MOST_SKIPPED = 8

const blocks = new Map(pages.map((page) => [page, blocksOf(readFileSync(page, 'utf8'))]))
const skipped = [...blocks.values()].flat().filter(({ mark }) => mark?.kind === 'skip')

test(`of all blocks ${skipped.length} are not run`, () => {
  expect(skipped.length).toBeLessThanOrEqual(MOST_SKIPPED)
})

describe.each(pages.filter((page) => blocks.get(page)!.length > 0))('%s', (page) => {
  let reader: Reader
  beforeAll(async () => {
    reader = await Reader.open()
  })
  afterAll(() => reader.close())

  for (const block of blocks.get(page)!) {
    const needsCli = block.language === 'sh' && block.code.includes('redis-cli')
    const name = `line ${block.line}: ${block.mark?.kind ?? 'run'} ${block.language}`
    test.skipIf(needsCli && oracleMissing)(
      name,
      async () => expect(await reader.follow(block)).toBe(''),
      READING_TIMEOUT_MS,
    )
  }
})

test('docs/COMPATIBILITY.md lists what the differential test lets pass', () => {
  const rows = differences.map(
    ({ command, field, reason }) => `| \`${command.replace('|', ' ')}\` | ${field} | ${reason} |`,
  )
  const table = ['| command | field | why |', '| --- | --- | --- |', ...rows].join('\n')
  expect(readFileSync('docs/COMPATIBILITY.md', 'utf8')).toContain(`\n${table}\n`)
})

describe('a page that is wrong fails:', () => {
  const one = async (page: string): Promise<string> => {
    const reader = await Reader.open()
    const [block] = blocksOf(page) as [Block]
    const difference = await reader.follow(block)
    reader.close()
    return difference
  }
  const embedded = "import { open } from 'geartrain'\nconst db = await open()\n"
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['a value that is not printed', `\`\`\`js\n${embedded}console.log(db.sync.echo('a')) // b\n\`\`\``, /instead/],
    ['a program that throws', `\`\`\`js\n${embedded}db.sync.call('LPUSH')\n\`\`\``, /wrong number of arguments/],
    ['a type that is not so', `\`\`\`ts\n${embedded}db.nothing()\n\`\`\``, /nothing/],
    ['a command that fails', '```sh\ngeartrain srve\n```', /srve/],
    ['a server that does not start', '```sh\ngeartrain serve --no-such-thing 1\n```', /does not serve/],
    ['a reply that is not given', '```redis\n> PING\nPANG\n```', /PONG/],
    ['a quotation that is not', '<!-- from package.json -->\n```ts\nnot there\n```', /package.json does not say so/],
    ['a language that nobody reads', '```cobol\nSTOP RUN.\n```', /nobody reads/],
  ]
  test.each(wrong)(
    '%s',
    async (_, page, difference) => expect(await one(`text\n${page}`)).toMatch(difference),
    READING_TIMEOUT_MS,
  )
})
