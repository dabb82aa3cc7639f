/**
 * Directives of redis-server 7.0 that are known and refused, whatever the value: what they govern is not here.
 *
 * The one idea: they are no directives (CONFIG GET does not list them), only words with a reason, so that who sets one
 * learns why it cannot be.
 */
import { LIBRARY_REFUSALS } from './library-directives.ts'

/** Why, and which. */
export interface Refusal {
  readonly reason: string
  readonly names: readonly string[]
}

/** All of them, by reason. */
export const REFUSALS: readonly Refusal[] = [
  {
    reason: 'there is no cluster',
    names: [
      'cluster-allow-pubsubshard-when-down',
      'cluster-allow-reads-when-down',
      'cluster-allow-replica-migration',
      'cluster-announce-bus-port',
      'cluster-announce-hostname',
      'cluster-announce-ip',
      'cluster-announce-port',
      'cluster-announce-tls-port',
      'cluster-config-file',
      'cluster-link-sendbuf-limit',
      'cluster-migration-barrier',
      'cluster-node-timeout',
      'cluster-port',
      'cluster-preferred-endpoint-type',
      'cluster-replica-no-failover',
      'cluster-replica-validity-factor',
      'cluster-require-full-coverage',
      'cluster-slave-no-failover',
      'cluster-slave-validity-factor',
    ],
  },
  {
    reason: "memory is V8's: its collector frees and moves values",
    names: [
      'active-defrag-cycle-max',
      'active-defrag-cycle-min',
      'active-defrag-ignore-bytes',
      'active-defrag-max-scan-fields',
      'active-defrag-threshold-lower',
      'active-defrag-threshold-upper',
    ],
  },
  { reason: 'commands keep their names: rules of ACL take them from users', names: ['rename-command'] },
  { reason: 'there are no modules', names: ['loadmodule'] },
  {
    reason: 'a crash is reported by node',
    names: ['crash-log-enabled', 'crash-memcheck-enabled'],
  },
  { reason: 'logs go to stdout or to a file', names: ['syslog-facility', 'syslog-ident'] },
  { reason: 'which directives are protected cannot be chosen', names: ['enable-protected-configs'] },
  {
    reason:
      'TLS uses the certificates named by tls-cert-file, tls-key-file and tls-ca-cert-file, and what node negotiates',
    names: [
      'tls-ca-cert-dir',
      'tls-ciphers',
      'tls-ciphersuites',
      'tls-client-cert-file',
      'tls-client-key-file',
      'tls-client-key-file-pass',
      'tls-dh-params-file',
      'tls-prefer-server-ciphers',
      'tls-protocols',
      'tls-session-cache-size',
      'tls-session-cache-timeout',
      'tls-session-caching',
    ],
  },
  ...LIBRARY_REFUSALS,
]

const REASONS: ReadonlyMap<string, string> = new Map(
  REFUSALS.flatMap(({ reason, names }) => names.map((name) => [name, reason] as const)),
)

/** Why a directive is refused; undefined for one that is not, and for a word that is none. */
export const refusalOf = (name: string): string | undefined => REASONS.get(name)
