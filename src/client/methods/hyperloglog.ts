/** Typed methods of the hyperloglog commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The hyperloglog commands as methods. */
export interface HyperloglogMethods {
  /** `PFADD key [element [element ...]]`: Counts elements in a HyperLogLog, made when it is missing; tells whether its estimate may have changed. */
  pfadd(key: Text, elements: readonly Text[]): Promise<number>
  /** `PFCOUNT key [key ...]`: Estimates how many distinct elements were counted in a HyperLogLog, or in several together. */
  pfcount(keys: readonly Text[]): Promise<number>
  /** `PFDEBUG subcommand key`: Shows the registers, runs or form of a HyperLogLog, or makes it dense: GETREG, DECODE, ENCODING, TODENSE. */
  pfdebug(subcommand: Text, key: Text): Promise<unknown>
  /** `PFMERGE destkey [sourcekey [sourcekey ...]]`: Counts in one HyperLogLog, made when it is missing, all that was counted in others. */
  pfmerge(destkey: Text, sourcekeys: readonly Text[]): Promise<'OK'>
  /** `PFSELFTEST`: Counts known numbers of elements in HyperLogLogs of both forms and checks registers and estimates. */
  pfselftest(): Promise<'OK'>
}
