/** Typed methods of the hash commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The hash commands as methods. */
export interface HashMethods {
  /** `HDEL key field [field ...]`: Removes fields and answers how many there were; a hash without fields is removed. */
  hdel(key: Text, fields: readonly Text[]): Promise<number>
  /** `HEXISTS key field`: Tells whether a hash has a field. */
  hexists(key: Text, field: Text): Promise<number>
  /** `HGET key field`: Gives the value of a field. */
  hget(key: Text, field: Text): Promise<string | null>
  /** `HGETALL key`: Gives all fields with their values. */
  hgetall(key: Text): Promise<Map<string, string>>
  /** `HINCRBY key field increment`: Adds to the integer in a field, which counts as 0 when it is missing; gives the sum. */
  hincrby(key: Text, field: Text, increment: number | bigint): Promise<number>
  /** `HINCRBYFLOAT key field increment`: Adds a float to the number in a field, which counts as 0 when it is missing; gives the new text. */
  hincrbyfloat(key: Text, field: Text, increment: Text | number): Promise<string>
  /** `HKEYS key`: Gives all fields. */
  hkeys(key: Text): Promise<string[]>
  /** `HLEN key`: Counts the fields of a hash. */
  hlen(key: Text): Promise<number>
  /** `HMGET key field [field ...]`: Gives the values of fields. */
  hmget(key: Text, fields: readonly Text[]): Promise<(string | null)[]>
  /** `HMSET key field value [field value ...]`: Stores values in fields of a hash, made when it is missing. */
  hmset(key: Text, pairs: readonly Text[]): Promise<'OK'>
  /** `HRANDFIELD key [count [WITHVALUES]]`: Gives a field by chance; with a count several: distinct ones, or with repeats when it is negative. */
  hrandfield(key: Text, options: { count?: number | bigint; withvalues: true }): Promise<[string, string][]>
  hrandfield(key: Text, options: { count: number | bigint; withvalues?: boolean }): Promise<string[]>
  hrandfield(key: Text, options?: { count?: number | bigint; withvalues?: boolean }): Promise<string | null>
  /** `HSCAN key cursor [MATCH pattern] [COUNT count]`: Gives some fields with their values and a cursor to go on with; a small hash comes at once. */
  hscan(key: Text, cursor: Text, options?: { pattern?: Text; count?: number }): Promise<[string, string[]]>
  /** `HSET key field value [field value ...]`: Stores values in fields of a hash, made when it is missing; answers how many fields are new. */
  hset(key: Text, pairs: readonly Text[]): Promise<number>
  /** `HSETNX key field value`: Stores a value in a field of a hash unless the field exists; answers whether it was stored. */
  hsetnx(key: Text, field: Text, value: Text): Promise<number>
  /** `HSTRLEN key field`: Gives the length of a value in bytes. */
  hstrlen(key: Text, field: Text): Promise<number>
  /** `HVALS key`: Gives all values. */
  hvals(key: Text): Promise<string[]>
}
