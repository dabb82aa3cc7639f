/**
 * The linked host: libraries that are part of this program.
 *
 * The one idea: the user's own code needs no host. It is called directly, with this program's own constructors, any Node
 * API and no limits: an endless loop is as endless here as anywhere else in the program.
 */
import type { RedisGlobal } from '../api.ts'
import type { Guest, Host } from '../host.ts'
import { ownIntrinsics } from '../intrinsics.ts'

/** Registers a library's functions. */
export type Register = (redis: RedisGlobal) => void

const guest: Guest = {
  intrinsics: ownIntrinsics,
  section: (run) => run(),
  spend: () => {},
}

export const linkedHost: Host<Register> = {
  name: 'linked',
  capabilities: { sync: true, background: false, kill: false, memoryLimit: false, boundary: false },
  compile: (register) => ({
    start(redisFor) {
      register(redisFor(ownIntrinsics))
      return guest
    },
  }),
}
