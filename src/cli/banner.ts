/**
 * What `geartrain serve` says when it serves: what, where, and what to try next.
 */
import { type Endpoint, showEndpoint } from '../server/endpoints.ts'
import { style } from './style.ts'
import { packageVersion } from './version.ts'

export interface BannerFacts {
  readonly endpoints: readonly Endpoint[]
  readonly metricsPort: number | undefined
  readonly hasPassword: boolean
  readonly isProtected: boolean
  readonly commands: number
  /** Where the data is, and how it gets there. */
  readonly data: string
}

type Stream = Parameters<typeof style>[0]

/** The banner as text, with colours where the stream is a terminal. */
export function banner(facts: BannerFacts, stream: Stream): string {
  const { bold, dim, cyan } = style(stream)
  const lines = [
    `${bold(`geartrain ${packageVersion()}`)}  ${dim(`${facts.commands} commands, pid ${process.pid}`)}`,
    '',
    ...facts.endpoints.map((endpoint) => `  serving   ${cyan(showEndpoint(endpoint))}`),
  ]
  if (facts.metricsPort !== undefined) {
    lines.push(`  metrics   ${cyan(`http://127.0.0.1:${facts.metricsPort}/metrics`)}`)
  }
  lines.push(
    `  data      ${facts.data}`,
    `  open to   ${audience(facts)}`,
    '',
    `  try       ${bold(tryNext(facts))}`,
    `  stop      Ctrl-C`,
    '',
  )
  return `${lines.join('\n')}\n`
}

function audience({ hasPassword, isProtected }: BannerFacts): string {
  if (hasPassword) return 'whoever knows the password'
  return isProtected
    ? 'this machine only (set requirepass to serve others)'
    : 'everyone who can connect: there is no password'
}

function tryNext({ endpoints, hasPassword }: BannerFacts): string {
  const [first] = endpoints
  const auth = hasPassword ? ' -a <password>' : ''
  if (first?.kind === 'unix') return `redis-cli -s ${first.path}${auth} set greeting hello`
  const tls = first?.kind === 'tls' ? ' --tls' : ''
  return `redis-cli -p ${first?.port ?? 6379}${tls}${auth} set greeting hello`
}
