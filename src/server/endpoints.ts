/**
 * Endpoints: where a server listens, as the configuration says it.
 */
import type { Settings } from './settings.ts'

/** A place to listen at. */
export type Endpoint =
  | {
      readonly kind: 'tcp' | 'tls'
      readonly host: string
      readonly port: number
      /** An address that this machine may not have (`-::*`): passed over without a word. */
      readonly optional?: boolean
    }
  | {
      readonly kind: 'unix'
      readonly path: string
      /** Permissions of the socket's file; 0 leaves them to the process. */
      readonly mode?: number
    }

/** The endpoints of `port`, `tls-port`, `bind`, `unixsocket`. Port 0 is none, as in Redis. */
export function endpointsOf(settings: Settings): Endpoint[] {
  const endpoints: Endpoint[] = []
  const hosts = settings
    .text('bind')
    .split(/\s+/)
    .filter((host) => host !== '')
  for (const [kind, directive] of [
    ['tcp', 'port'],
    ['tls', 'tls-port'],
  ] as const) {
    const port = settings.number(directive)
    if (port > 0) for (const host of hosts) endpoints.push({ kind, port, ...bindAddress(host) })
  }
  const path = settings.text('unixsocket')
  if (path !== '')
    endpoints.push({ kind: 'unix', path, mode: Number.parseInt(settings.text('unixsocketperm'), 8) || 0 })
  return endpoints
}

/** `-` before an address: it need not exist; `*` is every IPv4 address, `::*` every IPv6 address. */
function bindAddress(word: string): { readonly host: string; readonly optional: boolean } {
  const optional = word.startsWith('-')
  const host = optional ? word.slice(1) : word
  if (host === '*') return { host: '0.0.0.0', optional }
  return { host: host === '::*' ? '::' : host, optional }
}

/** An endpoint as a person writes it. */
export function showEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return `unix:${endpoint.path}`
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host
  return `${endpoint.kind === 'tls' ? 'rediss' : 'redis'}://${host}:${endpoint.port}`
}
