/** Addresses that nodes give of themselves, and where they are reached from here: ioredis' option `natMap`. */
import type { HostPort } from '../address.ts'

/** Translates the address that a node has in the cluster. */
export type NatMap = (address: HostPort) => HostPort

/** The translation in ioredis options: an object by `host:port`, or a function of it. */
export function natMapFrom(options: object | undefined): NatMap {
  const given: unknown = options === undefined ? undefined : Reflect.get(options, 'natMap')
  const look =
    typeof given === 'function'
      ? (name: string): unknown => given(name)
      : (name: string): unknown => (typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined)
  return (address) => {
    const found = look(`${address.host}:${address.port}`)
    if (typeof found !== 'object' || found === null) return address
    return { host: String(Reflect.get(found, 'host')), port: Number(Reflect.get(found, 'port')) }
  }
}
