/** Typed methods of the triggers commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The triggers commands as methods. */
export interface TriggersMethods<M, S> {
  /** `TCONFIG_GET name`: Tells the value of a directive of libraries. */
  tconfig_get(name: Value): Returned<M, S[]>
  /** `TCONFIG_SET name value`: Sets a directive of libraries. */
  tconfig_set(name: Value, value: Value): Returned<M, 'OK'>
  /** `TFCALL library.function numkeys [key [key ...]] [arg [arg ...]]`: Calls a function of a library: it runs in one go, and nothing else meanwhile. */
  tfcall(name: Value, keys?: Text | readonly Text[], arg?: readonly Value[]): Returned<M, unknown>
  /** `TFCALLASYNC library.function numkeys [key [key ...]] [arg [arg ...]]`: Calls a function of a library and waits for the promise that it may return. */
  tfcallasync(name: Value, keys?: Text | readonly Text[], arg?: readonly Value[]): Returned<M, unknown>
  /** `TFUNCTION DELETE library`: Deletes a library. */
  tfunction_delete(library: Value): Returned<M, 'OK'>
  /** `TFUNCTION LIST [option [option ...]]`: Lists libraries: WITHCODE their texts, VERBOSE (v, vv, vvv) more of each, LIBRARY name only one. */
  tfunction_list(option?: readonly Value[]): Returned<M, unknown[]>
  /** `TFUNCTION LOAD [REPLACE] [CONFIG config] code`: Loads a library, or puts it in the place of the one with its name. */
  tfunction_load(code: Value, options?: { replace?: boolean; config?: Value }): Returned<M, 'OK'>
}
