/**
 * Rivals: our server and redis-server, each a process of its own on a free port.
 *
 * The one idea: both are started the same way and asked through the same client, so that a benchmark has one loop.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { Redis } from 'ioredis'
import { freePort, OracleServer } from '../../test/oracle/redis-server.ts'
import { PROGRAM } from './built.ts'

export interface Rival {
  readonly name: 'ours' | 'redis'
  readonly port: number
  /** An ordinary client, for questions around the measurement. */
  readonly client: Redis
  stop(): Promise<void>
}

/** redis-server, without files. */
export async function startRedis(): Promise<Rival> {
  const server = await OracleServer.start()
  return rival('redis', server.port, () => server.stop())
}

/** `geartrain serve`, with directives. */
export async function startOurs(directives: readonly string[] = []): Promise<Rival> {
  const port = await freePort()
  const words = [PROGRAM, 'serve', '--port', `${port}`, '--json', '--loglevel', 'warning', ...directives]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', (status) => reject(new Error(`our server ended with ${status}`)))
  })
  return rival('ours', port, () => end(child))
}

/** Ends a process of ours and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await ended
}

/** A server that already listens. */
export function rival(name: Rival['name'], port: number, stop: () => Promise<void>): Rival {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 0 })
  return {
    name,
    port,
    client,
    stop: async () => {
      client.disconnect()
      await stop()
    },
  }
}

/** Seconds of processor time that a server has used: what it costs, however busy the machine is with other things. */
export async function cpuSeconds({ client }: Rival): Promise<number> {
  const info = await client.info('cpu')
  const used = (name: string): number => Number(new RegExp(`^used_cpu_${name}:([\\d.]+)`, 'm').exec(info)?.[1])
  return used('user') + used('sys')
}

/** Those of some commands that a server does not have. */
export async function unknownCommands(client: Redis, names: readonly string[]): Promise<readonly string[]> {
  const infos = await client.call('COMMAND', 'INFO', ...names)
  return Array.isArray(infos) ? names.filter((_, i) => infos[i] === null) : names
}
