/**
 * `env` in process: what a script can do besides its keys.
 */
import { bytes, isAscii } from '../../base/bytes.ts'
import { jsonText, numberOfText, parsedJson } from '../boundary.ts'
import { FAILURE, ScriptError } from '../errors.ts'
import type { ScriptEnv } from '../handles.ts'
import type { Json, Shape } from '../shapes.ts'
import { wordOf } from './operations.ts'
import { jsonOfReply } from './replies.ts'
import type { World } from './world.ts'

/** The environment of one run. */
export function envOf(world: World): ScriptEnv {
  return {
    log: (level, message) => world.log(level, message),
    toNumber: numberOfText,
    parseJson: parsed,
    toJson: jsonText,
    ascii: asciiOnly,
    fail(code: string, message: string): never {
      throw new ScriptError(code, message)
    },
    nowMs: () => world.nowMs(),
    call: (command, ...args) => {
      const words = args.map((arg, i) => bytes(wordOf(arg, `env.call(${command})[${i}]`)))
      return jsonOfReply(world.call([bytes(command), ...words]))
    },
  }
}

function parsed<T>(text: string, shape: Shape<T>): T
function parsed(text: string): Json
function parsed(text: string, shape?: Shape<unknown>): unknown {
  return parsedJson(text, shape?.form)
}

/** `env.ascii`. */
export function asciiOnly(value: string): string {
  if (isAscii(value)) return value
  throw new ScriptError(FAILURE.ascii, 'the text is not ASCII')
}
