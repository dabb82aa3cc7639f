/**
 * The isolate host: sent libraries in V8 isolates of their own (isolated-vm, an optional peer).
 *
 * The one idea: a boundary. An isolate shares nothing with the program but what is handed in: the functions of bridge.ts,
 * which take and give strings and numbers, and a slate for short words. Its memory and its time have limits that V8 keeps,
 * and its background has a thread of its own. Entering costs microseconds, and every command of a function about one.
 */
import vm from 'node:vm'
import type { Isolate, Reference } from 'isolated-vm'
import type { Clock } from '../../../base/clock.ts'
import { INSIDE } from '../../generated/inside-text.ts'
import type { Host, Limits, Program, World } from '../../host.ts'
import { CELLS, type Inward } from './bridge.ts'
import { type InwardReferences, IsolateGuest } from './isolate-guest.ts'
import { type IsolatedVm, isolatedVm } from './isolated-vm.ts'
import { readRegistered } from './registered-text.ts'
import { SLATE_BYTES } from './slate.ts'
import type { Wired } from './wire.ts'

export interface IsolateOptions {
  readonly clock: Clock
  readonly limits: Limits
  /** Takes what the operator should know. */
  readonly warn?: (text: string) => void
}

/** isolated-vm takes no less. */
const LEAST_MB = 8
/** What is put behind a text. */
const MARGIN = 1024

/** Makes a host for library texts. isolated-vm is asked for by the first text; without it `compile` throws an `Error`. */
export function isolateHost(options: IsolateOptions): Host<string> {
  return {
    name: 'isolate',
    capabilities: { sync: true, background: true, kill: true, memoryLimit: true, boundary: true },
    compile: (source) => {
      checkLength(source, megabytes(options.limits))
      return compile(source, isolatedVm(), options)
    },
  }
}

/** isolated-vm counts in whole ones. */
const megabytes = ({ memoryMb }: Limits): number => Math.max(LEAST_MB, Math.floor(memoryMb))

/** V8 compiles no text inside an isolate that is longer than an eighth of what the isolate may use. */
function checkLength(source: string, memoryLimitMb: number): void {
  const longest = (memoryLimitMb * 2 ** 20) / 8 - MARGIN
  if (source.length < longest) return
  throw `a text of ${source.length} characters is too long for a library that may use ${memoryLimitMb} MB: it has room for ${longest} (redisgears_2.library-memory-limit)`
}

function compile(source: string, ivm: IsolatedVm, options: IsolateOptions): Program {
  // Read, not run: every host complains of a text in the same words.
  new vm.Script(source)
  return { start: (world) => start(source, world, ivm, options) }
}

function start(source: string, world: World, ivm: IsolatedVm, options: IsolateOptions): IsolateGuest {
  const { clock, limits, warn = () => {} } = options
  const isolate = new ivm.Isolate({
    memoryLimit: megabytes(limits),
    onCatastrophicError: (message) => warn(`The isolate of library ${world.name} is lost: ${message}`),
  })
  const cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT))
  const { store, log } = world
  const elapsedMs = (): number => clock.elapsed() / 1000
  const slate = new SharedArrayBuffer(SLATE_BYTES)
  const guest = new IsolateGuest({ isolate, cells, slate, limits, store, log, warn, elapsedMs })
  try {
    guest.join(furnish(ivm, isolate, guest, { cells, slate }, world))
    guest.load(source, world.isRestored === true ? limits.loadingMs : limits.lockMs)
    guest.open(readRegistered)
    return guest
  } catch (error) {
    if (!isolate.isDisposed) isolate.dispose()
    throw error
  }
}

/** Makes a context with the runtime in it. */
function furnish(
  ivm: IsolatedVm,
  isolate: Isolate,
  guest: IsolateGuest,
  { cells, slate }: { readonly cells: Int32Array; readonly slate: SharedArrayBuffer },
  world: World,
): InwardReferences {
  const context = isolate.createContextSync()
  const block = async (...args: readonly unknown[]): Promise<string | null> => guest.block(args[0], args[1], args[2])
  const exchange = (): Wired | undefined => guest.exchange()
  // A function's own properties are all that a reference shows of it.
  for (const shown of [block, exchange]) Object.freeze(Object.setPrototypeOf(shown, null))
  const install: Reference<(...args: readonly unknown[]) => Inward> = context.evalSync(INSIDE, { reference: true })
  const inward: Reference<Inward> = install.applySync(
    undefined,
    [
      new ivm.Callback((...argv: string[]) => guest.call(argv)),
      new ivm.Callback((later: unknown, root: unknown, ...argv: string[]) => guest.callLater(later, root, ...argv)),
      new ivm.Callback((job: unknown, root: unknown) => guest.queue(job, root), { ignored: true }),
      new ivm.Callback((root: unknown, wired: unknown) => guest.settled(root, wired), { ignored: true }),
      new ivm.Callback((line: unknown) => guest.log(line), { ignored: true }),
      new ivm.Reference(exchange),
      new ivm.Reference(block),
      new ivm.ExternalCopy(cells).copyInto(),
      new ivm.ExternalCopy(new Uint8Array(slate)).copyInto(),
      process.versions.v8,
      world.name,
      world.config,
    ],
    { result: { reference: true } },
  )
  const at = <K extends keyof Inward>(name: K): Reference<Inward[K]> => inward.getSync(name, { reference: true })
  return {
    load: at('load'),
    registered: at('registered'),
    enter: at('enter'),
    start: at('start'),
    fire: at('fire'),
    unit: at('unit'),
    run: at('run'),
    rested: at('rested'),
    settle: at('settle'),
    reset: at('reset'),
    look: at('look'),
  }
}
