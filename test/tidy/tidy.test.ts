/**
 * The house rules, checked: each check passes over the project and fails on a sample made to break it.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decisionsAmiss, doorsAmiss, type Manifest, quotesAmiss, titlesAmiss } from './house.ts'
import { clockAndChance, commandSources, type Holes, holes, machineTraces, repeatedCommands } from './purity.ts'
import { bannedNames, defaultExports, longFiles, longFunctions, missingHeaders, openEnds } from './shape.ts'
import { type Check, projectSources, type Source } from './source.ts'

/** How many holes the types of src/ may have. These numbers fall; raising one needs a reason in its commit. */
const BUDGET: Readonly<Record<keyof Holes, number>> = { any: 0, brand: 88, cast: 60, doubleCast: 6 }

const project = projectSources()
const file = (path: string, text: string): Source => ({ path, text })
const lines = (count: number) => 'x()\n'.repeat(count)

const CHECKS: readonly { rule: string; check: Check; bad: Source[]; good: Source[]; finds: string }[] = [
  {
    rule: 'files are under 500 lines',
    check: longFiles,
    bad: [file('src/a.ts', lines(501))],
    good: [file('src/a.ts', lines(500)), file('src/client/generated/a.ts', lines(900))],
    finds: 'src/a.ts:1 has 501 lines, more than 500',
  },
  {
    rule: 'functions are under 70 lines',
    check: longFunctions,
    bad: [file('src/a.ts', `const a = 1\nclass A {\n  b() {\n${lines(70)}  }\n}`)],
    good: [file('src/a.ts', `function a() {\n${lines(68)}}`), file('src/a.test.ts', `test(() => {\n${lines(99)}})`)],
    finds: 'src/a.ts:3 a function of 72 lines, more than 70',
  },
  {
    rule: 'files open with a header comment',
    check: missingHeaders,
    bad: [file('scripts/a.ts', 'const a = 1 /** late */')],
    good: [file('src/a.ts', '/** What a is. */'), file('src/cli/main.ts', '#!/usr/bin/env node\n/** The program. */')],
    finds: 'scripts/a.ts:1 has no header comment: what it is, its one idea, its invariants',
  },
  {
    rule: 'there are no default exports',
    check: defaultExports,
    bad: [file('src/a.ts', 'const a = 1\nexport default a'), file('src/b.ts', 'export default function b() {}')],
    good: [file('vitest.config.ts', 'export default {}'), file('src/a.ts', 'export const a = 1')],
    finds: 'src/a.ts:2 a default export',
  },
  {
    rule: 'names say what a thing is',
    check: bannedNames,
    bad: [file('src/string-utils.ts', 'class KeyManager {}')],
    good: [file('src/string/lcs.ts', 'function longestCommonSubsequence() {}\nconst utility = 1')],
    finds: 'src/string-utils.ts:1 "KeyManager" is named "manager"',
  },
  {
    rule: 'open ends name an issue',
    check: openEnds,
    bad: [file('src/a.ts', 'a()\n// TODO make it fast')],
    good: [file('src/a.ts', "// TODO(#12) make it fast\nconst word = 'TODO'")],
    finds: 'src/a.ts:2 a TODO without an issue',
  },
  {
    rule: 'time and chance are injected',
    check: clockAndChance,
    bad: [file('src/a.ts', 'const now = 1\nconst later = Date.now() + now'), file('src/b.ts', 'new Date()')],
    good: [file('src/base/clock.ts', 'Date.now()'), file('src/a.ts', "// Date.now()\nconst a = 'Math.random()'")],
    finds: 'src/a.ts:2 Date.now: use the injected Clock',
  },
  {
    rule: 'a command is described once',
    check: repeatedCommands,
    bad: [
      file('src/commands/a.ts', "export const get = command({ name: 'GET' })"),
      file('src/commands/b.ts', "\nexport const get = command({ ...get, name: 'GET' })"),
    ],
    good: [file('src/commands/a.ts', "command({ name: 'GET' })\nrow({ name: 'GET' })\ncommand({ name: 'SET' })")],
    finds: 'src/commands/b.ts:2 GET',
  },
  {
    rule: 'no file knows the machine it was written on',
    check: machineTraces,
    bad: [file('docs/a.md', 'see /home/ada/notes'), file('package-lock.json', '"resolved": "https://x/y.tgz"')],
    good: [file('docs/a.md', 'https://example.org/work/list and ./tmp/a and HOME/work')],
    finds: "docs/a.md:1 a machine's path: /home/ada",
  },
  {
    rule: 'decision pages are numbered and complete',
    check: decisionsAmiss,
    bad: [file('docs/decisions/0002-bytes.md', '# Bytes\n\n## Context\n\n## Decision\n\n## Consequences\n')],
    good: [file('docs/decisions/0001-bytes.md', '# Bytes\n\n## Context\n\n## Decision\n\n## Consequences\n')],
    finds: 'docs/decisions/0002-bytes.md:1 should be number 0001',
  },
  {
    rule: 'a page has one title',
    check: titlesAmiss,
    bad: [file('README.md', '# One\n\n# Two\n')],
    good: [file('README.md', '# One\n\n```sh\n# a comment\n```\n')],
    finds: 'README.md:1 should open with its title, the only one',
  },
  {
    rule: 'pages quote the code as it is',
    check: quotesAmiss,
    bad: [file('src/a.ts', 'new code\n'), file('a.md', '# A\n\n<!-- from src/a.ts -->\n```ts\nold code\n```\n')],
    good: [file('src/a.ts', 'code\n'), file('a.md', '# A\n\n<!-- from src/a.ts -->\n```ts\ncode\n```\n')],
    finds: 'a.md:3 src/a.ts no longer says so',
  },
]

describe.each(CHECKS)('$rule', ({ check, bad, good, finds }) => {
  test('in this project', () => {
    expect(check(project)).toEqual([])
  })
  test('and the check fails when it is broken', () => {
    expect(check(bad)).toContain(finds)
    expect(check(good)).toEqual([])
  })
})

describe('the types have few holes', () => {
  const found = holes(project)
  test.each(['any', 'brand', 'cast', 'doubleCast'] as const)('%s: counted and within the budget', (kind) => {
    const places = found[kind]
    expect(places.length, places.join('\n')).toBeLessThanOrEqual(BUDGET[kind])
  })
  test('and each kind is seen', () => {
    const sample = [
      file(
        'src/a.ts',
        'let a: any\nlet b = a as string\nlet c = b as unknown as number\nlet d = [1] as const\nlet e = "" as Bytes',
      ),
    ]
    expect(holes(sample)).toEqual({
      any: ['src/a.ts:1 any'],
      brand: ['src/a.ts:5 as Bytes'],
      cast: ['src/a.ts:2 as string', 'src/a.ts:3 as unknown'],
      doubleCast: ['src/a.ts:3 as number'],
    })
  })
})

describe('the package has a door per part', () => {
  const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  test('in this project', () => {
    expect(doorsAmiss(project, manifest)).toEqual([])
  })
  test('and the check fails when one is missing, walled up or leads elsewhere', () => {
    const sample = [file('src/index.ts', ''), file('src/flow/index.ts', '')]
    const exports = {
      '.': { types: './dist/index.d.ts', default: './dist/main.js' },
      './tasks': './dist/tasks/index.js',
    }
    expect(doorsAmiss(sample, { exports })).toEqual([
      'package.json:1 has no door ./flow for src/flow/index.ts',
      'package.json:1 the door . does not open ./dist/index',
      'package.json:1 has a door ./tasks without an index.ts',
    ])
  })
})

test('the search for commands finds those there are', () => {
  const names = commandSources(project)
  expect([...names.keys()]).toContain('GET')
  expect(names.size).toBeGreaterThan(200)
})
