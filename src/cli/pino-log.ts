/**
 * The program's log: pino, with Redis' levels and `logfile`.
 */
import { type DestinationStream, destination, type Level, pino } from 'pino'
import { raw, text } from '../base/bytes.ts'
import type { Config } from '../engine/config/config.ts'
import { ServerError, systemCode } from '../server/errors.ts'
import type { Log } from '../server/log.ts'

/** Redis' levels as pino's, one for one. */
const LEVELS: Readonly<Record<string, Level>> = { debug: 'trace', verbose: 'debug', notice: 'info', warning: 'warn' }

/** A log with the configuration's `loglevel`, which may change, and `logfile` ('' is stdout). */
export function openLog(config: Config): Log {
  const file = text(raw(config.text('logfile')))
  // Written at once: the last line before the end is the one that is looked for.
  const to = destinationAt(file)
  const logger = pino({ level: levelOf(config.text('loglevel')), base: { pid: process.pid } }, to)
  config.onChange('loglevel', (level) => {
    logger.level = levelOf(level)
  })
  return {
    debug: (text) => logger.trace(text),
    verbose: (text) => logger.debug(text),
    notice: (text) => logger.info(text),
    warning: (text) => logger.warn(text),
  }
}

function destinationAt(file: string): DestinationStream {
  try {
    return destination({ dest: file === '' ? 1 : file, sync: true })
  } catch (error) {
    throw new ServerError('GEARTRAIN_CONFIG', `logfile '${file}' cannot be opened (${systemCode(error)}).`, error)
  }
}

const levelOf = (level: string): Level => LEVELS[level] ?? 'info'
