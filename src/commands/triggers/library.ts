/** TFUNCTION: libraries of functions, loaded, listed and deleted. */
import { type Argv, type Bytes, lower, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { ReplyError } from '../../base/reply.ts'
import { bytes, flag, option, words } from '../args/nodes.ts'
import { command, container } from '../command.ts'
import { any, arrayOf, ok } from '../shape.ts'
import { functionsOf } from './service.ts'

const NO_CODE = new ReplyError('Could not find library payload')
const NO_CONFIG = new ReplyError('configuration value was not given')
const NO_NAME = new ReplyError('function name was not given')
const IN_TRANSACTION = err('Blocking module command called from transaction')

const common = { group: 'triggers', since: '7.2.0', flags: ['noscript', 'may_replicate'] } as const

interface LoadWords {
  readonly replace: true | undefined
  readonly config: Bytes | undefined
  readonly code: Bytes
}

/** Options until the first word that is none; that word is the library, and what follows it is ignored, as in the original. */
function loadWords(argv: Argv): LoadWords {
  let replace: true | undefined
  let config: Bytes | undefined
  for (let i = 2; i < argv.length; i++) {
    const word = argv[i]!
    switch (upper(word)) {
      case 'REPLACE':
        replace = true
        break
      case 'CONFIG':
        config = argv[++i]
        if (config === undefined) throw NO_CONFIG
        break
      case 'USER':
        throw new ReplyError('Unknown argument user')
      default:
        return { replace, config, code: word }
    }
  }
  throw NO_CODE
}

/** TFUNCTION LOAD [REPLACE] [CONFIG config] code */
const load = command({
  ...common,
  name: 'TFUNCTION|LOAD',
  summary: 'Loads a library, or puts it in the place of the one with its name.',
  complexity: 'That of the library',
  args: [flag('REPLACE', 'replace'), option('CONFIG', bytes('config')), bytes('code')],
  override: { arity: -2 },
  parse: loadWords,
  reply: ok,
  run: (ctx, { replace = false, config, code }) => {
    const functions = functionsOf(ctx)
    if (ctx.server.transactions.executing) throw IN_TRANSACTION
    return functions.load(ctx, { replace, config, code })
  },
})

/** TFUNCTION DELETE library */
const del = command({
  ...common,
  name: 'TFUNCTION|DELETE',
  summary: 'Deletes a library.',
  complexity: 'O(N), N functions of the library',
  args: [bytes('library')],
  override: { arity: -2 },
  parse: (argv) => {
    const [, , library] = argv
    if (library === undefined) throw NO_NAME
    return { library }
  },
  reply: ok,
  run: (ctx, { library }) => functionsOf(ctx).delete(ctx, library),
})

/** TFUNCTION LIST [option [option ...]] */
const list = command({
  ...common,
  name: 'TFUNCTION|LIST',
  summary: 'Lists libraries: WITHCODE their texts, VERBOSE (v, vv, vvv) more of each, LIBRARY name only one.',
  complexity: 'O(N), N functions of the libraries',
  // VERBOSE adds up with itself and has short forms: more than a grammar says.
  args: [words('option')],
  reply: arrayOf(any),
  run: (ctx, { option: options }) => functionsOf(ctx).list(ctx, options),
})

/** TFUNCTION */
export const tfunction = container({
  ...common,
  name: 'TFUNCTION',
  summary: 'Libraries of functions.',
  subcommands: [load, del, list],
  leftover: (word) => new ReplyError(`Unknown subcommand ${lower(word)}`),
})
