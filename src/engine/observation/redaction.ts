/**
 * What a command line may show to others than its sender: passwords are replaced by `(redacted)`.
 *
 * The one idea: asked only when a line is about to be kept or shown, so that hiding costs nothing where nothing is shown.
 */
import { type Argv, lower, raw, upper } from '../../base/bytes.ts'
import type { Command } from '../../commands/command.ts'

const REDACTED = raw('(redacted)')
/** Directives whose values are secrets. */
const SECRET_DIRECTIVES = new Set(['requirepass', 'masterauth', 'tls-key-file-pass', 'tls-client-key-file-pass'])

/** The line as others may see it; the very same array when it holds no secret. */
export function withoutSecrets(command: Command, argv: Argv): Argv {
  const secrets = SECRETS[command.name]?.(argv)
  if (secrets === undefined || secrets.length === 0) return argv
  return argv.map((word, i) => (secrets.includes(i) ? REDACTED : word))
}

/** Places of the secrets in a line, by command. */
const SECRETS: Readonly<Record<string, (argv: Argv) => number[]>> = {
  AUTH: (argv) => from(1, argv),
  'ACL|SETUSER': (argv) => from(2, argv),
  HELLO: (argv) => after(argv, 'AUTH', 2),
  MIGRATE: (argv) => [...after(argv, 'AUTH', 1), ...after(argv, 'AUTH2', 2)],
  'CONFIG|SET': (argv) => argv.flatMap((_, i) => (i > 2 && i % 2 === 1 && isSecret(argv, i - 1) ? [i] : [])),
}

const isSecret = (argv: Argv, at: number): boolean => SECRET_DIRECTIVES.has(lower(argv[at]!))

const from = (first: number, argv: Argv): number[] => argv.map((_, i) => i).filter((i) => i >= first)

/** The places after an option, as far as the line goes. */
function after(argv: Argv, option: string, count: number): number[] {
  const at = argv.findIndex((word, i) => i > 0 && upper(word) === option)
  return at < 0 ? [] : from(at + 1, argv).slice(0, count)
}
