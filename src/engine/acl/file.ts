/**
 * ACL files: a user per line, `user alice on #… ~a* -@all +get`.
 *
 * The one idea: a file counts as a whole. Every line is read and everything wrong with any of them is told, with its
 * place; one fault and nothing of the file is taken.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import { Problem } from '../config/kinds.ts'
import { Selector } from './selector.ts'
import { hasBlanks } from './selector-rules.ts'
import { User } from './user.ts'
import { applyRule, joinSelectors, type RuleWorld } from './user-rules.ts'

/** Where ACL files are kept. Whoever makes the engine implements it. */
export interface AclFiles {
  /** The content of a file; throws `Error` with the system's words. */
  read(path: string): Bytes
  /** Puts a file in the place of another, so that one of the two is there whatever happens; throws `Error`. */
  replace(path: string, content: Bytes): void
}

const NOTHING_CHANGED = 'WARNING: ACL errors detected, no change to the previously active ACL rules was performed'

/** A user without any right, as those of files begin. */
export const newUser = (name: Bytes, { catalogue, allChannels }: RuleWorld): User =>
  new User(name, Selector.fresh(catalogue, allChannels))

/** Reads the users of a file, or gives everything wrong with it, in one line; `path` is what it is called there. */
export function readUsers(content: Bytes, path: string, world: RuleWorld): Map<Bytes, User> | Problem {
  const users = new Map<Bytes, User>()
  let faults = ''
  content.split('\n').forEach((text, i) => {
    const line = trimmed(text, ' \t\r\n')
    if (line !== '') faults += readLine(line, `${path}:${i + 1}`, i + 1, users, world)
  })
  return faults === '' ? users : new Problem(faults + NOTHING_CHANGED)
}

/** Adds a line's user. Gives what is wrong with the line, or ''. */
function readLine(line: string, place: string, number: number, users: Map<Bytes, User>, world: RuleWorld): string {
  const [first, name, ...rest] = line.split(' ').map(raw)
  if (first !== 'user' || name === undefined)
    return `${place} should start with user keyword followed by the username. `
  if (hasBlanks(name)) return `'${place}: username '${name}' contains invalid characters. `
  if (users.has(name)) return `WARNING: Duplicate user '${name}' found on line ${number}. `
  const user = newUser(name, world)
  users.set(name, user)
  const rules = joinSelectors(rest.map((word) => raw(trimmed(word, '\t\r\n'))))
  if ('unmatched' in rules) return `${place}: Unmatched parenthesis in selector definition.`
  return applyAll(user, rules, place, world)
}

/** Unknown names are all told, of other faults the first one only: the rest may follow from it. */
function applyAll(user: User, rules: readonly Bytes[], place: string, world: RuleWorld): string {
  let faults = ''
  let saidFault = false
  for (const rule of rules) {
    const problem = applyRule(user, rule, world)
    if (problem === undefined) continue
    if (problem.names) faults += `${place}: Error in applying operation '${rule}': ${problem.text}. `
    else if (!saidFault) {
      faults += `${place}: ${problem.text}. `
      saidFault = true
    }
  }
  return faults
}

function trimmed(text: string, chars: string): string {
  let from = 0
  let to = text.length
  while (from < to && chars.includes(text.charAt(from))) from++
  while (to > from && chars.includes(text.charAt(to - 1))) to--
  return text.slice(from, to)
}
