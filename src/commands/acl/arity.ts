/** The arity of ACL's subcommands with one optional word: it has no upper end, so they count for themselves. */
import type { Argv } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'

/** Refuses more than one word after the subcommand, which Redis names as it was sent. */
export function atMostOne(argv: Argv): undefined {
  if (argv.length > 3) {
    throw err(`unknown subcommand or wrong number of arguments for '${argv[1]!.slice(0, 128)}'. Try ACL HELP.`)
  }
  return undefined
}
