/**
 * The directives of libraries, under the names that RedisGears 2 gave them: `redisgears_2.lock-redis-timeout` …; and one of
 * our own, `redisgears_2.library-memory-limit`.
 *
 * The one idea: they are directives as all others, so that CONFIG, the file and `--name value` know them; TCONFIG_SET and
 * TCONFIG_GET leave the prefix out. Whoever runs the libraries follows them.
 */
import type { Directive } from './directive.ts'
import { integerIn, type Kind, oneOfWords, Problem, sizeIn } from './kinds.ts'

/** What the names of all of them begin with. */
export const LIBRARY_PREFIX = 'redisgears_2.'

const LONGEST_MS = 1_000_000_000
const MEGABYTE = 2 ** 20

const POLICY = oneOfWords('abort', 'kill')
/** Shown with a capital, as the original does. */
const policy: Kind = (text, before) => {
  const word = POLICY(text, before)
  return word instanceof Problem ? word : `${word[0]!.toUpperCase()}${word.slice(1)}`
}

const own = (name: string, initial: string, kind: Kind): Directive => ({
  name: `${LIBRARY_PREFIX}${name}`,
  initial,
  kind,
})

/** How long code of libraries may run, what memory each has, and what is said of its errors. */
export const LIBRARY_DIRECTIVES: readonly Directive[] = [
  own('lock-redis-timeout', '500', integerIn(100, LONGEST_MS)),
  own('db-loading-lock-redis-timeout', '30000', integerIn(100, LONGEST_MS)),
  own('library-fatal-failure-policy', 'Abort', policy),
  own('error-verbosity', '1', integerIn(1, 2)),
  // V8 begins no isolate with less, and node itself none with more.
  own('library-memory-limit', `${64 * MEGABYTE}`, sizeIn(8 * MEGABYTE, 4096 * MEGABYTE)),
]

const refusal = (reason: string, ...names: readonly string[]) => ({
  reason,
  names: names.map((name) => `${LIBRARY_PREFIX}${name}`),
})

/** Directives of RedisGears 2 that govern nothing here. */
export const LIBRARY_REFUSALS: readonly { readonly reason: string; readonly names: readonly string[] }[] = [
  refusal('each library has a thread of its own', 'execution-threads'),
  refusal(
    'a library has a heap of its own, whose limit is redisgears_2.library-memory-limit',
    'v8-maxmemory',
    'v8-library-initial-memory-usage',
    'v8-library-initial-memory-limit',
    'v8-library-memory-usage-delta',
  ),
  refusal('there is one shard: nothing is asked of another', 'remote-task-default-timeout'),
  refusal('V8 is that of node', 'v8-flags', 'v8-plugin-path'),
  refusal('there is no remote debugger', 'v8-debug-server-address', 'enable-debug-command'),
  refusal('there is no such server', 'gearsbox-address'),
]
