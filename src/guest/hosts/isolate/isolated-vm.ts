/**
 * isolated-vm, an optional peer: it is asked for when the first library arrives, and not before.
 */
import { createRequire } from 'node:module'
import type ivm from 'isolated-vm'

export type IsolatedVm = typeof ivm

const MISSING =
  'a library sent over the network runs in an isolate of its own, which takes the package isolated-vm: npm install isolated-vm (prebuilt for Node 22 and later; compiled on Node 20). If you trust everyone who may connect, start with --trust-libraries (trustLibraries: true in code) instead; libraries of your own are given at start with --library.'

let loaded: IsolatedVm | undefined

/** Why there are no isolates here, and what helps; undefined when there are. */
export function missingIsolates(): string | undefined {
  try {
    isolatedVm()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The package. Throws an `Error` that says what to install when it is not there. */
export function isolatedVm(): IsolatedVm {
  if (loaded !== undefined) return loaded
  try {
    const found: IsolatedVm = createRequire(import.meta.url)('isolated-vm')
    loaded = found
    return found
  } catch (cause) {
    throw new Error(MISSING, { cause })
  }
}
