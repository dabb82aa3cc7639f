/**
 * The oracle: the real redis-server 7.0 (and redis-cli, redis-benchmark, Python's client) that our replies are
 * compared with, and what else the tests need that npm does not bring.
 *
 * The one idea: a comparison is never skipped in silence. On Debian as root missing parts are installed; elsewhere the
 * reason is printed and the tests that need them skip; with CI=true a missing part is a failure.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

interface Part {
  /** What the user reads. */
  name: string
  /** The Debian package that brings it. */
  debian: string
  /** Prints something matching `expected` when the part is there. */
  probe: readonly [command: string, ...args: string[]]
  expected: RegExp
}

const PARTS: readonly Part[] = [
  { name: 'redis-server 7.0', debian: 'redis-server', probe: ['redis-server', '--version'], expected: /v=7\.0\./ },
  { name: 'redis-cli', debian: 'redis-tools', probe: ['redis-cli', '--version'], expected: /redis-cli/ },
  { name: 'redis-benchmark', debian: 'redis-tools', probe: ['redis-benchmark', '--version'], expected: /redis-bench/ },
  {
    // Debian's own Python, which Debian's package installs into; the first python3 on the path may be another.
    name: 'Python client',
    debian: 'python3-redis',
    probe: ['/usr/bin/python3', '-c', 'import redis; print(redis.__version__)'],
    expected: /\d/,
  },
  // Makes the certificates that tests of TLS serve with.
  { name: 'openssl', debian: 'openssl', probe: ['openssl', 'version'], expected: /SSL/ },
]

/** Makes the oracle's parts available where that is allowed; returns the reason for every part that is missing. */
export function ensureOracle(): readonly string[] {
  let missing = PARTS.filter(isMissing)
  if (missing.length > 0 && mayInstall()) {
    install(missing.map((part) => part.debian))
    missing = missing.filter(isMissing)
  }
  return missing.map(
    (part) => `${part.name} is missing (Debian package ${part.debian}): tests that need it are skipped`,
  )
}

function isMissing(part: Part): boolean {
  const [command, ...args] = part.probe
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status !== 0 || !part.expected.test(stdout)
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version')
}

function install(packages: readonly string[]): void {
  // RUNLEVEL=1 keeps Debian from starting a server of its own on port 6379: the tests start theirs.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  console.log(`oracle: installing ${packages.join(' ')}`)
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...new Set(packages)],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' })
    if (status !== 0) console.log(`oracle: apt-get ${args[0]} failed\n${stderr}`)
  }
}
