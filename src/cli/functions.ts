/**
 * `geartrain functions deploy | list | delete | call | test`: libraries of functions on a server, and their tests.
 *
 * The one idea: a server is asked over RESP3, so that what it tells comes as it is; what is printed is for people, or JSON.
 */
import { Command } from 'commander'
import { type Argv, bytes } from '../base/bytes.ts'
import type { Reply } from '../base/reply.ts'
import { type LibraryFacts, readFacts } from '../client/functions/functions.ts'
import { readValue } from '../client/functions/values.ts'
import { type Bundler, bundlerOf, DeployError } from './functions/bundle.ts'
import { tryLibrary } from './functions/trial.ts'
import { askRemote, parseAddress } from './remote.ts'

interface Options {
  readonly to: string
  readonly json?: boolean
}

interface DeployOptions extends Options {
  readonly watch?: boolean
  readonly config?: string
}

interface CallOptions extends Options {
  readonly key: readonly string[]
}

const HERE = 'redis://127.0.0.1:6379'
const NAME = /^#!js .*\bname=(\w+)/

/** Takes what is printed. */
type Write = (text: string) => void

const toStdout: Write = (text) => void process.stdout.write(text)

/** The subcommand, with its own subcommands. */
export function functionsCommand(write: Write = toStdout): Command {
  return new Command('functions')
    .description('libraries of functions on a server, and their tests')
    .addCommand(deployCommand(write))
    .addCommand(listCommand(write))
    .addCommand(deleteCommand(write))
    .addCommand(callCommand(write))
    .addCommand(testCommand(write))
}

const asking = (name: string): Command =>
  new Command(name)
    .option('--to <url>', 'the server: redis://[user:password@]host:port, rediss://', HERE)
    .option('--json', 'print JSON')

function deployCommand(write: Write): Command {
  return asking('deploy')
    .description('bundle a library with esbuild and load it, in the place of the one with its name')
    .argument('<file>', "JavaScript or TypeScript that begins with '#!js api_version=1.0 name=<name>'")
    .option('--watch', 'deploy again whenever a file of it changes')
    .option('--config <json>', 'what redis.config will be')
    .action(async (file: string, options: DeployOptions) => {
      const bundler = await bundlerOf(file)
      if (options.watch === true) await keepDeployed(bundler, options, write)
      else write(shown(await deploy(await bundler.build(), options), options))
    })
}

function listCommand(write: Write): Command {
  return asking('list')
    .description('what libraries there are, and what they have registered')
    .argument('[library]', 'this library only')
    .action(async (library: string | undefined, options: Options) =>
      write(shown(await factsOf(options, library), options)),
    )
}

function deleteCommand(write: Write): Command {
  return asking('delete')
    .description('delete a library, its triggers and their progress')
    .argument('<library>')
    .action(async (library: string, options: Options) => {
      await ask(options, 'TFUNCTION', 'DELETE', library)
      write(`${library} is deleted\n`)
    })
}

function callCommand(write: Write): Command {
  return asking('call')
    .description('call a function and print what it answers, as JSON')
    .argument('<function>', 'library.function')
    .argument('[arguments...]')
    .option('--key <key>', 'a key, given to the function before its arguments (repeatable)', collect, [])
    .action(async (name: string, words: readonly string[], options: CallOptions) => {
      const { key: keys } = options
      const reply = await ask(options, 'TFCALLASYNC', name, `${keys.length}`, ...keys, ...words)
      write(`${jsonOf(readValue(reply))}\n`)
    })
}

function testCommand(write: Write): Command {
  return new Command('test')
    .description('run the tests of a library in this process: every function that lib.test.ts, beside lib.ts, exports')
    .argument('<file>', 'lib.test.ts; each test is given { db, clock }, a store of its own with the library in it')
    .action((file: string) => tryLibrary(file, write))
}

/** Loads a library's text, and tells what it has registered. */
async function deploy(code: string, options: DeployOptions): Promise<readonly LibraryFacts[]> {
  const config = options.config === undefined ? [] : ['CONFIG', options.config]
  await ask(options, 'TFUNCTION', 'LOAD', 'REPLACE', ...config, code)
  return factsOf(options, NAME.exec(code)?.[1])
}

/** Deploys with each change until the program is ended. What goes wrong is told; the next change may mend it. */
async function keepDeployed(bundler: Bundler, options: DeployOptions, write: Write): Promise<void> {
  const complain = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  }
  let last = Promise.resolve()
  const take = (code: string): void => {
    last = last.then(async () => write(shown(await deploy(code, options), options))).catch(complain)
  }
  await bundler.watch(take, complain)
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
  await bundler.close()
  await last
}

async function factsOf(options: Options, library?: string): Promise<LibraryFacts[]> {
  const only = library === undefined ? [] : ['LIBRARY', library]
  const facts = readFacts(await ask(options, 'TFUNCTION', 'LIST', 'v', ...only))
  if (library !== undefined && facts.length === 0) throw new DeployError(`there is no library ${library}`)
  return facts
}

async function ask({ to }: Options, ...words: readonly string[]): Promise<Reply> {
  const argv: Argv = words.map(bytes)
  const [reply = null] = await askRemote(parseAddress(to), [argv])
  return reply
}

function shown(libraries: readonly LibraryFacts[], { json }: Options): string {
  return json === true ? `${jsonOf(libraries)}\n` : libraries.map(described).join('')
}

/** One library as lines: what it is, then a line for each thing that it has registered. */
function described(library: LibraryFacts): string {
  const lines = [`${library.name} (${library.engine}, of ${library.user})`]
  const add = (kind: string, entries: readonly unknown[]): void => {
    for (const entry of entries) lines.push(`  ${kind} ${nameIn(entry)}`)
  }
  add('function', library.functions)
  add('key space trigger', library.keyspace_triggers)
  add('stream trigger', library.stream_triggers)
  add('cluster function', library.cluster_functions)
  return `${lines.join('\n')}\n`
}

function nameIn(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null || !('name' in entry)) return String(entry)
  const description = 'description' in entry && entry.description !== null ? `: ${entry.description}` : ''
  return `${entry.name}${description}`
}

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? String(item) : item instanceof Set ? [...item] : item,
  )

const collect = (key: string, before: readonly string[]): readonly string[] => [...before, key]
