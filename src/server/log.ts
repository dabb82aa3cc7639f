/**
 * The server's log, as a port: Redis' four levels. The program's log (cli/) writes it with pino; an embedded server is
 * silent unless it is given one.
 */
export interface Log {
  debug(text: string): void
  verbose(text: string): void
  notice(text: string): void
  warning(text: string): void
}

const nothing = (): void => undefined

/** Writes nothing. */
export const SILENT: Log = { debug: nothing, verbose: nothing, notice: nothing, warning: nothing }
