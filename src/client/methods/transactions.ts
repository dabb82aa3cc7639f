/** Typed methods of the transactions commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The transactions commands as methods. */
export interface TransactionsMethods {
  /** `DISCARD`: Drops the commands queued since MULTI and forgets the watched keys. */
  discard(): Promise<'OK'>
  /** `EXEC`: Runs the commands queued since MULTI, unless a watched key has changed. */
  exec(): Promise<unknown[] | null>
  /** `MULTI`: Begins a transaction: the commands that follow wait for EXEC. */
  multi(): Promise<'OK'>
  /** `UNWATCH`: Forgets the watched keys. */
  unwatch(): Promise<'OK'>
  /** `WATCH key [key ...]`: Watches keys: when one changes before EXEC, the transaction is not run. */
  watch(keys: readonly Text[]): Promise<'OK'>
}
