/**
 * The linked host: libraries that are part of this program.
 *
 * The one idea: the user's own code needs no host. It is called directly, with this program's own constructors, any Node
 * API and no limits: an endless loop is as endless here as anywhere else in the program.
 */
import type { RedisGlobal } from '../api.ts'
import type { Host } from '../host.ts'
import { ownIntrinsics } from '../intrinsics.ts'
import { type Runner, startLocally } from '../local-guest.ts'

/** Registers a library's functions. */
export type Register = (redis: RedisGlobal) => void

/** Makes a host for libraries of this program; `limits` says only how much their errors tell. */
export function linkedHost(limits: { readonly verbosity: number } = { verbosity: 1 }): Host<Register> {
  const runner: Runner = {
    intrinsics: ownIntrinsics,
    section: (run, given) => run(given),
    spend: () => {},
    verbosity: () => limits.verbosity,
  }
  return {
    name: 'linked',
    capabilities: { sync: true, background: false, kill: false, memoryLimit: false, boundary: false },
    compile: (register) => ({ start: (world) => startLocally(world, runner, true, register) }),
  }
}
