/**
 * Rules of a selector: `+get`, `-@write`, `~a*`, `&news.*` and their like.
 *
 * The one idea: one word, one change. A word is told apart by its first char, the few whole words first. What is wrong
 * with it is a value, for callers differ in what they say.
 */
import { type Bytes, lower, raw, upToNul } from '../../base/bytes.ts'
import type { Catalogue } from './catalogue.ts'
import { KEY_RIGHT } from './patterns.ts'
import { RULE_ERROR, type RuleError } from './rule-error.ts'
import type { Selector } from './selector.ts'

type Change = (selector: Selector) => void

const allKeys: Change = ({ keys }) => keys.allowAll()
const allChannels: Change = ({ channels }) => channels.allowAll()
const allCommands: Change = ({ commands }) => commands.setAll(true)
const noCommands: Change = ({ commands }) => commands.setAll(false)

/** Rules that are whole words, in any case. */
const WHOLE: ReadonlyMap<string, Change> = new Map([
  ['allkeys', allKeys],
  ['~*', allKeys],
  ['resetkeys', ({ keys }) => keys.reset()],
  ['allchannels', allChannels],
  ['&*', allChannels],
  ['resetchannels', ({ channels }) => channels.reset()],
  ['allcommands', allCommands],
  ['+@all', allCommands],
  ['nocommands', noCommands],
  ['-@all', noCommands],
])

/** Changes a selector by one rule. Gives what is wrong with it, and then nothing has changed. */
export function applyToSelector(selector: Selector, rule: Bytes, catalogue: Catalogue): RuleError | undefined {
  // Names and flags end at a zero byte; patterns may not have one.
  const word = upToNul(rule)
  const whole = WHOLE.get(lower(word))
  if (whole !== undefined) {
    whole(selector)
    return undefined
  }
  switch (rule.charAt(0)) {
    case '~':
      return allowKeys(selector, raw(rule.slice(1)), KEY_RIGHT.both)
    case '%':
      return allowKeysFor(selector, rule)
    case '&':
      return allowChannels(selector, raw(rule.slice(1)))
    case '+':
      return word.charAt(1) === '@' ? setCategory(selector, word, catalogue) : allowCommand(selector, word, catalogue)
    case '-':
      return word.charAt(1) === '@' ? setCategory(selector, word, catalogue) : forbidCommand(selector, word, catalogue)
    default:
      return RULE_ERROR.syntax
  }
}

/** Blanks and zero bytes would tear the rule apart in a file. */
export function hasBlanks(word: Bytes): boolean {
  return /[\0\t-\r ]/.test(word)
}

function allowKeys({ keys }: Selector, pattern: Bytes, rights: number): RuleError | undefined {
  if (keys.all) return RULE_ERROR.afterAllKeys
  if (hasBlanks(pattern)) return RULE_ERROR.syntax
  keys.allow(pattern, rights)
  return undefined
}

/** `%R~pattern`, `%W~pattern`, `%RW~pattern`: each letter once, in any case; the pattern may be left out. */
function allowKeysFor(selector: Selector, rule: Bytes): RuleError | undefined {
  if (selector.keys.all) return RULE_ERROR.afterAllKeys
  let rights = 0
  let at = 1
  for (; at < rule.length && rule.charAt(at) !== '~'; at++) {
    const right = rightOf(rule.charAt(at))
    if (right === 0 || (rights & right) !== 0) return RULE_ERROR.syntax
    rights |= right
  }
  return rights === 0 ? RULE_ERROR.syntax : allowKeys(selector, raw(rule.slice(at + 1)), rights)
}

function rightOf(letter: string): number {
  if (letter === 'R' || letter === 'r') return KEY_RIGHT.read
  return letter === 'W' || letter === 'w' ? KEY_RIGHT.write : 0
}

function allowChannels({ channels }: Selector, pattern: Bytes): RuleError | undefined {
  if (channels.all) return RULE_ERROR.afterAllChannels
  if (hasBlanks(pattern)) return RULE_ERROR.syntax
  channels.allow(pattern)
  return undefined
}

function setCategory({ commands }: Selector, rule: Bytes, catalogue: Catalogue): RuleError | undefined {
  const category = catalogue.category(raw(rule.slice(2)))
  if (category === undefined) return RULE_ERROR.unknown
  for (const command of category.commands) commands.set(command, rule.charAt(0) === '+')
  return undefined
}

function forbidCommand({ commands }: Selector, rule: Bytes, catalogue: Catalogue): RuleError | undefined {
  const command = catalogue.named(raw(rule.slice(1)))
  if (command === undefined) return RULE_ERROR.unknown
  commands.set(command, false)
  return undefined
}

/** `+get`, `+config|get`, or a command that has no subcommands with a first word: `+select|0`. */
function allowCommand({ commands }: Selector, rule: Bytes, catalogue: Catalogue): RuleError | undefined {
  const bar = rule.lastIndexOf('|')
  const command = catalogue.named(raw(rule.slice(1, bar < 0 ? undefined : bar)))
  if (command === undefined) return RULE_ERROR.unknown
  if (bar < 0) {
    commands.set(command, true)
    return undefined
  }
  if (command.parent !== undefined) return RULE_ERROR.firstWordOfSubcommand
  const word = raw(rule.slice(bar + 1))
  if (word === '') return RULE_ERROR.syntax
  if (command.subcommands.size === 0) {
    commands.allowFirstWord(command, word)
    return undefined
  }
  const subcommand = catalogue.named(raw(rule.slice(1)))
  if (subcommand === undefined) return RULE_ERROR.unknown
  commands.set(subcommand, true)
  return undefined
}
