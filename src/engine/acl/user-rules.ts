/**
 * Rules of a user: the words of ACL SETUSER, of a `user` line and of an ACL file.
 *
 * The one idea: what is not about the user as a whole (on, passwords, selectors, reset) is about its own selector.
 */
import { type Bytes, lower, raw, upToNul } from '../../base/bytes.ts'
import { splitWords } from '../../base/split-words.ts'
import type { Catalogue } from './catalogue.ts'
import { hashOf, isHash } from './passwords.ts'
import { RULE_ERROR, type RuleError } from './rule-error.ts'
import { Selector } from './selector.ts'
import { applyToSelector } from './selector-rules.ts'
import type { User } from './user.ts'

/** What rules refer to beyond the user. */
export interface RuleWorld {
  readonly catalogue: Catalogue
  /** New selectors may use every channel (`acl-pubsub-default allchannels`). */
  readonly allChannels: boolean
}

/** Flags of a user, in any case. */
const FLAGS: ReadonlyMap<string, (user: User, world: RuleWorld) => void> = new Map<
  string,
  (user: User, world: RuleWorld) => void
>([
  ['on', (user) => (user.enabled = true)],
  ['off', (user) => (user.enabled = false)],
  ['nopass', (user) => user.clearPasswords(true)],
  ['resetpass', (user) => user.clearPasswords(false)],
  ['sanitize-payload', (user) => (user.sanitize = true)],
  ['skip-sanitize-payload', (user) => (user.sanitize = false)],
  ['clearselectors', (user) => user.clearSelectors()],
  ['reset', reset],
])

/** Changes a user by one rule. Gives what is wrong with it, and then nothing has changed. */
export function applyRule(user: User, rule: Bytes, world: RuleWorld): RuleError | undefined {
  if (rule === '') return undefined
  const flag = FLAGS.get(lower(upToNul(rule)))
  if (flag !== undefined) {
    flag(user, world)
    return undefined
  }
  switch (rule.charAt(0)) {
    case '>':
    case '#':
      return addPassword(user, rule)
    case '<':
    case '!':
      return removePassword(user, rule)
    case '(':
      return rule.endsWith(')') ? addSelector(user, rule, world) : RULE_ERROR.syntax
    default:
      return applyToSelector(user.own, rule, world.catalogue)
  }
}

/** Joins words from one that opens a parenthesis to the one that closes it. Gives the place of one that stays open. */
export function joinSelectors(rules: readonly Bytes[]): Bytes[] | { readonly unmatched: number } {
  const joined: Bytes[] = []
  let open: Bytes[] = []
  let openAt = 0
  rules.forEach((rule, i) => {
    if (open.length === 0 && !(rule.startsWith('(') && !rule.endsWith(')'))) {
      joined.push(rule)
      return
    }
    if (open.length === 0) openAt = i
    open.push(rule)
    if (open.length === 1 || !rule.endsWith(')')) return
    joined.push(raw(open.join(' ')))
    open = []
  })
  return open.length > 0 ? { unmatched: openAt } : joined
}

function reset(user: User, { allChannels }: RuleWorld): void {
  user.clearPasswords(false)
  user.clearSelectors()
  user.enabled = false
  user.sanitize = true
  const { keys, channels, commands } = user.own
  keys.reset()
  channels.reset()
  if (allChannels) channels.allowAll()
  commands.setAll(false)
}

/** The hash of a rule's password; undefined when it should be one and is not. */
function hashIn(rule: Bytes, sign: string): Bytes | undefined {
  const rest = raw(rule.slice(1))
  if (rule.startsWith(sign)) return hashOf(rest)
  return isHash(rest) ? rest : undefined
}

function addPassword(user: User, rule: Bytes): RuleError | undefined {
  const hash = hashIn(rule, '>')
  if (hash === undefined) return RULE_ERROR.badHash
  user.addPassword(hash)
  return undefined
}

function removePassword(user: User, rule: Bytes): RuleError | undefined {
  const hash = hashIn(rule, '<')
  if (hash === undefined) return RULE_ERROR.badHash
  return user.removePassword(hash) ? undefined : RULE_ERROR.noSuchPassword
}

/** `(+get ~a*)`: all its rules or none. Unbalanced quotes make an empty selector, as in Redis. */
function addSelector(user: User, rule: Bytes, { catalogue, allChannels }: RuleWorld): RuleError | undefined {
  const selector = Selector.fresh(catalogue, allChannels)
  for (const word of splitWords(rule.slice(1, -1)) ?? []) {
    const problem = applyToSelector(selector, word, catalogue)
    if (problem !== undefined) return problem
  }
  user.addSelector(selector)
  return undefined
}
