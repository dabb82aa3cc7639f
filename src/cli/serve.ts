/**
 * `geartrain serve [redis.conf] [--name value …]`: an engine on the network, until a signal or SHUTDOWN.
 */
import { Command, InvalidArgumentError } from 'commander'
import { bytes, raw, text } from '../base/bytes.ts'
import { NO_REPLY, type Reply, ReplyError } from '../base/reply.ts'
import { createEngine } from '../create.ts'
import type { DurableStore } from '../durability/durable-store.ts'
import { ConfigError } from '../engine/config/config.ts'
import type { Engine } from '../engine/engine.ts'
import type { FunctionsOptions } from '../functions/install.ts'
import { configFileAt } from '../server/config-file.ts'
import {
  badDirective,
  type DirectiveLine,
  joinDirectives,
  readArguments,
  readConfigFile,
} from '../server/directives.ts'
import { endpointsOf, showEndpoint } from '../server/endpoints.ts'
import { ServerError } from '../server/errors.ts'
import { Health } from '../server/health.ts'
import type { Log } from '../server/log.ts'
import { Metrics } from '../server/metrics.ts'
import { Server } from '../server/server.ts'
import { banner } from './banner.ts'
import { closeAll, dataOf, saves, storeOf } from './kept-store.ts'
import { readLibraries } from './libraries.ts'
import { entitle, writePid } from './own-process.ts'
import { openLog } from './pino-log.ts'
import { heapLacking, onShellGone, restartWithHeap } from './roomy-heap.ts'
import { onEndSignals } from './signals.ts'

interface ServeOptions {
  readonly metricsPort?: number
  readonly json?: boolean
  readonly library: readonly string[]
  readonly trustLibraries?: boolean
}

const EXAMPLES = `
Directives are Redis' own, as --name value or in a file:
  geartrain serve --port 7000 --requirepass secret
  geartrain serve redis.conf --maxclients 500
  geartrain serve --port 0 --unixsocket ./geartrain.sock
  geartrain serve --redisgears_2.lock-redis-timeout 1000 --redisgears_2.library-memory-limit 128mb
  geartrain serve --tls-port 6380 --tls-cert-file c.pem --tls-key-file k.pem --tls-auth-clients no`

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve a store over TCP, TLS and unix sockets')
    .usage('[redis.conf] [--name value …] [options]')
    .argument('[words...]', 'a configuration file, then directives')
    .option('--metrics-port <port>', 'health and Prometheus metrics over HTTP (0: a free port)', portNumber)
    .option('--library <file>', 'load a library of functions at start (repeatable)', collect, [])
    .option('--trust-libraries', 'let clients send libraries: they run in this process, unconfined')
    .option('--json', 'say what is served as one line of JSON, in place of the banner')
    .allowUnknownOption()
    .addHelpText('after', EXAMPLES)
    .action((words: readonly string[], options: ServeOptions) => serve(words, options))
}

/** Reads a file (first word, when it is no `--name`) and directives. */
export function directivesOf(words: readonly string[]): DirectiveLine[] {
  const [first] = words
  if (first === undefined || first.startsWith('--')) return readArguments(words)
  return [...readConfigFile(first), ...readArguments(words.slice(1))]
}

/** Makes an engine of directives; throws `ServerError` that shows the line which is not understood. */
export function configuredEngine(
  lines: readonly DirectiveLine[],
  onBroken?: (error: unknown) => void,
  functions: FunctionsOptions = {},
): Engine {
  for (const line of lines) if (line.values.length === 0) throw badDirective(line, 'wrong number of arguments')
  const config = joinDirectives(lines.filter(({ name }) => name !== 'user'))
  try {
    const engine = createEngine({ config, functions, ...(onBroken === undefined ? {} : { onBroken }) })
    declareUsers(engine, lines)
    return engine
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const line = lines.findLast(({ name }) => name === error.directive)
    throw line === undefined ? error : badDirective(line, error.message)
  }
}

/** Users stand one per line, so they are no directive with one value. */
function declareUsers({ acl }: Engine, lines: readonly DirectiveLine[]): void {
  for (const line of lines) {
    if (line.name !== 'user') continue
    const problem = acl.declare(line.values.map(bytes))
    if (problem !== undefined) throw badDirective(line, text(raw(problem)))
  }
}

async function serve(words: readonly string[], options: ServeOptions): Promise<void> {
  const lines = directivesOf(words)
  const lacking = heapLacking(lines)
  if (lacking !== undefined) return restartWithHeap(lacking)
  let log: Log | undefined
  const onBroken = (error: unknown): void => {
    log?.warning(`broken invariant: ${error instanceof Error ? error.stack : error}`)
  }
  const engine = configuredEngine(lines, onBroken, {
    libraries: await readLibraries(options.library),
    trustLibraries: options.trustLibraries ?? false,
    onLog: (text) => log?.notice(text),
  })
  if (words[0]?.startsWith('--') === false) engine.config.file = configFileAt(words[0])
  log = openLog(engine.config)
  const store = await storeOf(engine, log)
  const server = new Server(engine, log)
  const endpoints = endpointsOf(server.settings)
  if (endpoints.length === 0) {
    throw new ServerError('GEARTRAIN_CONFIG', 'Nowhere to listen: give a --port, a --tls-port or a --unixsocket.')
  }
  await server.listen(endpoints)
  const { metricsPort } = options
  const health = metricsPort === undefined ? undefined : await Health.open(new Metrics(engine, server), metricsPort)
  entitle(engine.config, server.endpoints)
  const removePid = writePid(engine.config, log)
  announce({ engine, server, store, health, log }, options)
  // Where banner and log go to one place, the banner has said it.
  if (options.json || engine.config.text('logfile') !== '') {
    for (const endpoint of server.endpoints) log.notice(`Ready to accept connections at ${showEndpoint(endpoint)}`)
  }
  await ended({ engine, server, store, health, log })
  removePid()
  // What node still holds open (a log being rotated, a library's timer) must not keep a stopped server alive.
  process.exit(0)
}

function announce({ engine, server, store, health }: Serving, options: ServeOptions): void {
  const { endpoints, settings } = server
  const facts = {
    endpoints,
    metricsPort: health?.port,
    hasPassword: engine.acl.hasPassword,
    isProtected: settings.flag('protected-mode'),
    commands: engine.table.all.length,
    data: dataOf(engine, store),
  }
  if (options.json) {
    const addresses = endpoints.map(showEndpoint)
    process.stdout.write(`${JSON.stringify({ serving: addresses, metricsPort: health?.port, pid: process.pid })}\n`)
  } else {
    process.stdout.write(banner(facts, process.stdout))
  }
}

/** What a server consists of while it runs. */
interface Serving {
  readonly engine: Engine
  readonly server: Server
  readonly store: DurableStore | undefined
  readonly health: Health | undefined
  readonly log: Log
}

/** Resolves when the server has been asked to end, by a signal or by SHUTDOWN, and has. */
function ended({ engine, server, store, health, log }: Serving): Promise<void> {
  return new Promise((resolve) => {
    let isEnding = false
    const end = (why: string): void => {
      if (isEnding) return
      isEnding = true
      log.warning(`${why}: closing`)
      health?.closing()
      void closeAll(server, store, log).then(async () => {
        await engine.stop()
        health?.close()
        log.notice('Ready to exit, bye bye')
        resolve()
      })
    }
    onEndSignals((signal) => {
      // As redis-server: what could not be saved is served on. Without points of `save` nothing has to be.
      if (saves(store, undefined, log)) end(`Received ${signal}`)
    })
    onShellGone(() => end('The process that started this one is gone'))
    engine.onShutdown = ({ abort, save, force }): Reply => {
      if (abort) return NO_SHUTDOWN
      if (!saves(store, save, log) && !force) return NOT_SAVED
      end('User requested shutdown')
      return NO_REPLY
    }
  })
}

const NOT_SAVED = new ReplyError('ERR Errors trying to SHUTDOWN. Check logs.')
const NO_SHUTDOWN = new ReplyError('ERR No shutdown in progress.')

const collect = (file: string, before: readonly string[]): readonly string[] => [...before, file]

function portNumber(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.')
  return port
}
