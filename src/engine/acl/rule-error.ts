/**
 * What can be wrong with a rule, with Redis' texts.
 */

/** Why a rule was not taken. `names` says that it named something unknown: an ACL file then quotes the rule. */
export interface RuleError {
  readonly text: string
  readonly names?: true
}

const afterAll = (flag: string, reset: string, list: string): string =>
  `Adding a pattern after the * pattern (or the '${flag}' flag) is not valid and does not have any effect. ` +
  `Try '${reset}' to start with an empty list of ${list}`

export const RULE_ERROR = {
  unknown: { text: 'Unknown command or category name in ACL', names: true },
  syntax: { text: 'Syntax error' },
  afterAllKeys: { text: afterAll('allkeys', 'resetkeys', 'patterns') },
  afterAllChannels: { text: afterAll('allchannels', 'resetchannels', 'channels') },
  noSuchPassword: { text: 'The password you are trying to remove from the user does not exist' },
  badHash: {
    text: 'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
  },
  firstWordOfSubcommand: { text: 'Allowing first-arg of a subcommand is not supported' },
  duplicate: { text: 'Duplicate user found. A user can only be defined once in config files' },
} as const satisfies Readonly<Record<string, RuleError>>
