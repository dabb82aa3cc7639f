/**
 * The realm host: sent libraries on the engine's thread, each with globals of its own (`node:vm`).
 *
 * The one idea: a call into a realm is a call. That makes it the fastest place for sent code, and no boundary: code that
 * wants out gets out, so it is for libraries that the operator trusts. Accidents are caught: what runs too long is stopped
 * (see meter.ts), and a rejection that a library forgets does not end the process.
 */
import vm from 'node:vm'
import type { Clock } from '../../base/clock.ts'
import { GUARDS } from '../generated/inside-text.ts'
import type { Host, Limits, Program } from '../host.ts'
import type { Intrinsics } from '../intrinsics.ts'
import { type Runner, startLocally } from '../local-guest.ts'
import { forgiveRejections } from './forgotten-rejections.ts'
import { ALLOWED_GLOBALS } from './globals.ts'
import { Meter } from './meter.ts'
import { METER, metered, meteredMap } from './metered-code.ts'

export interface RealmOptions {
  readonly clock: Clock
  readonly limits: Limits
  /** Takes what the operator should know: code that ran too long. */
  readonly warn?: (text: string) => void
}

/** Makes a host for library texts. */
export function realmHost(options: RealmOptions): Host<string> {
  return {
    name: 'realm',
    capabilities: { sync: true, background: false, kill: true, memoryLimit: false, boundary: false },
    compile: (source) => compile(source, options),
  }
}

const INTRINSICS = new vm.Script('({ Array, Object, Set, String, ArrayBuffer, Promise, JSON })')
/** Builtins that no count sees inside are guarded; the guards' own loops are counted, as a library's are. */
const GUARD = new vm.Script(`{ const ${METER} = globalThis.${METER}; ${metered(GUARDS)}(globalThis) }`)
/** Takes the meter and `redis` in: a lexical name is found without asking the global object, which is slow in a realm. */
const PRELUDE = new vm.Script(`const ${METER} = globalThis.${METER}; delete globalThis.${METER};`)

function compile(source: string, { clock, limits, warn = () => {} }: RealmOptions): Program {
  // V8 first: where both would complain, its words are the known ones.
  new vm.Script(source)
  const script = new vm.Script(metered(source), { filename: 'library.js' })
  return {
    textMap: () => meteredMap(source),
    start(world) {
      const meter = new Meter(clock, limits, warn)
      const { context, intrinsics } = freshRealm(meter)
      forgiveRejections(intrinsics.Promise)
      const runner: Runner = {
        intrinsics,
        section: (run, given) => meter.section(run, given),
        spend: () => meter.spend(),
        verbosity: () => limits.verbosity,
      }
      return startLocally(world, runner, false, (redis) => {
        Object.assign(context, { [METER]: meter, redis })
        PRELUDE.runInContext(context)
        const limitMs = world.isRestored ? limits.loadingMs : limits.lockMs
        meter.section(() => script.runInContext(context), undefined, limitMs)
      })
    },
  }
}

function freshRealm(meter: Meter): { context: vm.Context; intrinsics: Intrinsics } {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  const intrinsics: Intrinsics = INTRINSICS.runInContext(context)
  Object.assign(context, { [METER]: meter })
  GUARD.runInContext(context)
  const names: string[] = vm.runInContext('Object.getOwnPropertyNames(globalThis)', context)
  for (const name of names) {
    if (!ALLOWED_GLOBALS.has(name)) vm.runInContext(`delete globalThis[${JSON.stringify(name)}]`, context)
  }
  return { context, intrinsics }
}
