/**
 * Running a script in this process: words in, the text of the result out, exactly what a server that runs Lua would get and
 * give.
 *
 * The one idea: the function itself runs, so that breakpoints work and nothing is slower than JavaScript. When it fails, its
 * tree runs once more on the recorded replies, and knows the line. In shadow mode the tree always runs, and must agree.
 */

import { isPlainOnWire } from '../boundary.ts'
import { FAILURE, ScriptError, ShapeError } from '../errors.ts'
import type { ScriptIR } from '../ir.ts'
import { copyOf, type ShapeForm } from '../shapes.ts'
import type { KeySpec } from '../spec.ts'
import { envOf } from './env.ts'
import { handlesOf } from './handles.ts'
import { interpretationOf } from './interpreter/interpret.ts'
import { Recording } from './recording.ts'
import { agree, outcomeOf } from './shadow.ts'
import type { World } from './world.ts'

/** A script as this process can run it. */
export interface LocalScript {
  readonly name: string
  readonly keys: KeySpec
  /** The declared arguments, in the order in which they travel. */
  readonly forms: readonly { readonly name: string; readonly form: ShapeForm }[]
  readonly readOnly: boolean
  readonly derivedKeys: boolean
  /** The function; undefined for a script that has only a tree. */
  readonly body: ((keys: object, args: object, env: object) => unknown) | undefined
  /** The tree; throws a ScriptDefinitionError. */
  tree(): ScriptIR
}

/** Whether every run is run a second time by the interpreter. */
export const shadowMode = { isOn: false }

/** Runs a script; gives the JSON text of what it returned. Throws a ScriptError or a ShapeError. */
export function runLocally(
  script: LocalScript,
  world: World,
  keys: readonly string[],
  words: readonly string[],
): string {
  const { body } = script
  if (body === undefined) {
    return resultText(interpretationOf(script.tree())(world, keys, decodeArguments(script.forms, words)))
  }
  const recording = new Recording(world)
  let text: string
  try {
    const reach = { world: recording, scriptName: script.name, derivedKeys: script.derivedKeys }
    const args = decodeArguments(script.forms, words)
    text = resultText(body(handlesOf(reach, script.keys, keys), args, envOf(recording)))
  } catch (error) {
    throw placed(script, recording, keys, words, failureFrom(error))
  }
  if (shadowMode.isOn) agree(text, () => again(script, recording, keys, words), script.name)
  return text
}

/** What the tree makes of the recorded replies. */
function again(script: LocalScript, recording: Recording, keys: readonly string[], words: readonly string[]) {
  const world = recording.replay()
  const text = resultText(interpretationOf(script.tree())(world, keys, decodeArguments(script.forms, words)))
  return { text, rest: world.rest }
}

/** Errors of the host's own (a TypeError in the body) are failures of the script like any other. */
function failureFrom(error: unknown): unknown {
  if (error instanceof ScriptError || error instanceof ShapeError) return error
  return error instanceof Error ? new ScriptError('ERR', error.message, undefined, { cause: error }) : error
}

/** The same failure with the line that it came from, where the tree can tell. */
function placed(
  script: LocalScript,
  recording: Recording,
  keys: readonly string[],
  words: readonly string[],
  error: unknown,
): unknown {
  if (!(error instanceof ScriptError) || !recording.isWhole) return error
  const found = outcomeOf(() => again(script, recording, keys, words))
  if (shadowMode.isOn) agree(error, () => found, script.name)
  if (!(found instanceof ScriptError) || found.code !== error.code || found.at === undefined) return error
  return new ScriptError(error.code, error.message, found.at.line, { cause: error.cause ?? error })
}

/** The arguments as the body sees them, from the words that travelled. They were checked before. */
export function decodeArguments(
  forms: LocalScript['forms'],
  words: readonly string[],
): Readonly<Record<string, unknown>> {
  const args: Record<string, unknown> = {}
  forms.forEach(({ name, form }, i) => {
    const word = words[i]!
    if (isPlainOnWire(form)) {
      args[name] = form.kind === 'number' ? Number(word) : word
      return
    }
    // What a schema has made of a value was checked when it was sent: here it only takes its place.
    const plain = form.kind === 'checked' ? form.of : form
    const value = copyOf(plain, withoutCounts(JSON.parse(word)), `args.${name}`)
    if (value !== undefined) args[name] = value
  })
  return args
}

/** On the wire every array is led by its length. */
function withoutCounts(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(1).map(withoutCounts)
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, field] of Object.entries(value)) copy[name] = withoutCounts(field)
  return copy
}

/** A result as it travels. Null and undefined are one value; NaN and infinities have no JSON. */
export function resultText(value: unknown): string {
  return JSON.stringify(value === undefined ? null : value, (_name, held: unknown) => {
    if (held === undefined) return null
    if (typeof held === 'number' && !Number.isFinite(held)) throw new ScriptError(FAILURE.number, `${held} has no JSON`)
    return held
  })
}
