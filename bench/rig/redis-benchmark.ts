/** redis-benchmark: one run against a server, and what it cost that server. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cpuSeconds, type Rival } from './rivals.ts'

/** What one run shows. */
export interface Sample {
  /** Requests per second. */
  readonly rate: number
  /** Microseconds of the server's processor time per request. */
  readonly cpu: number
}

const execute = promisify(execFile)

/** 50 clients send so many requests, on 100,000 keys; `words` say which (`-t set`, or a command). */
export async function drive(
  server: Rival,
  words: readonly string[],
  pipeline: number,
  requests: number,
): Promise<Sample> {
  const before = await cpuSeconds(server)
  const general = ['-p', `${server.port}`, '-c', '50', '-P', `${pipeline}`, '-n', `${requests}`, '-r', '100000']
  const { stdout } = await execute('redis-benchmark', [...general, '--csv', ...words])
  const figure = /^"[^"\n]*","([\d.]+)"/m.exec(stdout)
  if (figure === null) throw new Error(`redis-benchmark ${words.join(' ')} printed no figure:\n${stdout}`)
  return { rate: Number(figure[1]), cpu: (((await cpuSeconds(server)) - before) / requests) * 1e6 }
}
