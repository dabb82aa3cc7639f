/**
 * What the program says of its own process: its title in the list of processes, and the file with its number.
 *
 * The one idea: both are Redis' directives (`proc-title-template`, `pidfile`); neither is worth a server that does not start.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { raw, text } from '../base/bytes.ts'
import type { Config } from '../engine/config/config.ts'
import { type Endpoint, showEndpoint } from '../server/endpoints.ts'
import { systemCode } from '../server/errors.ts'
import type { Log } from '../server/log.ts'

/** Gives the process its title, now and when the template changes. */
export function entitle(config: Config, endpoints: readonly Endpoint[]): void {
  if (config.get('set-proc-title') === 'no') return
  const give = (template: string): void => {
    process.title = titleOf(template, config, endpoints)
  }
  config.onChange('proc-title-template', give)
  give(config.text('proc-title-template'))
}

/** A template with its variables put in. Whoever runs no cluster has no mode, and blanks at the ends are cut off. */
export function titleOf(template: string, config: Config, endpoints: readonly Endpoint[]): string {
  const values: Readonly<Record<string, string>> = {
    '{{': '{',
    '{title}': 'geartrain',
    '{listen-addr}':
      endpoints[0] === undefined ? '' : showEndpoint(endpoints[0]).replace(/^(?:rediss?:\/\/|unix:)/, ''),
    '{server-mode}': '',
    '{port}': config.text('port'),
    '{tls-port}': config.text('tls-port'),
    '{unixsocket}': config.text('unixsocket'),
    '{config-file}': config.file?.path ?? '',
  }
  return text(raw(template.replace(/\{\{|\{[a-z-]+\}/g, (name) => values[name] ?? name))).trim()
}

/** Writes the number of this process where `pidfile` says; gives what takes it away again. */
export function writePid(config: Config, log: Log): () => void {
  const path = text(raw(config.text('pidfile')))
  if (path === '') return () => undefined
  try {
    writeFileSync(path, `${process.pid}\n`)
  } catch (error) {
    log.warning(`pidfile '${path}' cannot be written (${systemCode(error)}): served without it.`)
    return () => undefined
  }
  return () => rmSync(path, { force: true })
}
