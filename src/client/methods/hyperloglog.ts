/** Typed methods of the hyperloglog commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The hyperloglog commands as methods. */
export interface HyperloglogMethods<M> {
  /** `PFADD key [element [element ...]]`: Counts elements in a HyperLogLog, made when it is missing; tells whether its estimate may have changed. */
  pfadd(key: Text, elements?: Value | readonly Value[]): Returned<M, number>
  /** `PFCOUNT key [key ...]`: Estimates how many distinct elements were counted in a HyperLogLog, or in several together. */
  pfcount(keys: Text | readonly Text[]): Returned<M, number>
  /** `PFDEBUG subcommand key`: Shows the registers, runs or form of a HyperLogLog, or makes it dense: GETREG, DECODE, ENCODING, TODENSE. */
  pfdebug(subcommand: Value, key: Text): Returned<M, unknown>
  /** `PFMERGE destkey [sourcekey [sourcekey ...]]`: Counts in one HyperLogLog, made when it is missing, all that was counted in others. */
  pfmerge(destkey: Text, sourcekeys?: Text | readonly Text[]): Returned<M, 'OK'>
  /** `PFSELFTEST`: Counts known numbers of elements in HyperLogLogs of both forms and checks registers and estimates. */
  pfselftest(): Returned<M, 'OK'>
}
