/**
 * `geartrain version`: what runs, on what.
 */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'

/** The Redis whose behaviour the commands have. */
const COMPATIBLE_WITH = '7.0.15'

/** The version in the package's manifest. */
export function packageVersion(): string {
  const manifest: { version?: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version ?? 'unknown'
}

export function versionCommand(): Command {
  return new Command('version')
    .description('say which version this is, and of what')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      const facts = { geartrain: packageVersion(), redis: COMPATIBLE_WITH, node: process.versions.node }
      const line = `geartrain ${facts.geartrain} (commands of Redis ${facts.redis}, node ${facts.node})`
      process.stdout.write(`${json ? JSON.stringify(facts) : line}\n`)
    })
}
