/**
 * Command rules as text: `-@all +@read -get +config|set`.
 *
 * The one idea: Redis keeps no history of rules, only what is allowed, and finds words for it: it starts from all or
 * nothing, takes the category that explains most of the rest with the fewest exceptions for as long as one explains more
 * than it spoils, and names the remaining commands one by one. What is written is tried out on rules of their own as it
 * is written, so that it means exactly what it describes.
 */
import type { Catalogue, Category } from './catalogue.ts'
import { ruleName } from './catalogue.ts'
import { CommandRules } from './command-rules.ts'

/** What the rules allow, in words that mean the same. */
export function describeCommands(rules: CommandRules, catalogue: Catalogue): string {
  const adding = !rules.future
  const written = new CommandRules(catalogue.size)
  written.setAll(!adding)
  const words = [adding ? '-@all' : '+@all']
  for (const category of coverOf(rules, catalogue, adding)) {
    for (const command of category.commands) written.set(command, adding)
    words.push(`${adding ? '+' : '-'}@${category.name}`)
  }
  words.push(...exceptions(rules, written, catalogue))
  return words.join(' ')
}

/** The categories to name, in the order in which they explain most. */
function coverOf(rules: CommandRules, catalogue: Catalogue, adding: boolean): Category[] {
  const rest = rules.copy()
  const open = new Set(catalogue.categories)
  const cover: Category[] = []
  for (let best = bestOf(open, rest, adding); best !== undefined; best = bestOf(open, rest, adding)) {
    for (const command of best.commands) rest.set(command, !adding)
    open.delete(best)
    cover.push(best)
  }
  return cover
}

/** The category with the fewest exceptions, of those with more members that fit than exceptions; of equals the one that fits most. */
function bestOf(open: ReadonlySet<Category>, rest: CommandRules, adding: boolean): Category | undefined {
  let best: Category | undefined
  let fewest = Number.POSITIVE_INFINITY
  let most = 0
  for (const category of open) {
    const allowed = category.commands.reduce((count, command) => count + (rest.has(command) ? 1 : 0), 0)
    const forbidden = category.commands.length - allowed
    const exceptions = adding ? forbidden : allowed
    const fitting = adding ? allowed : forbidden
    if (fitting <= exceptions) continue
    if (exceptions > fewest || (exceptions === fewest && fitting <= most)) continue
    best = category
    fewest = exceptions
    most = fitting
  }
  return best
}

/** The commands that are not yet as they should be, each container before its subcommands. */
function exceptions(rules: CommandRules, written: CommandRules, catalogue: Catalogue): string[] {
  const words: string[] = []
  for (const command of catalogue.commands) {
    const allowed = rules.has(command)
    if (allowed !== written.has(command)) {
      words.push(`${allowed ? '+' : '-'}${ruleName(command)}`)
      written.set(command, allowed)
    }
    if (!allowed) for (const word of rules.firstWordsOf(command)) words.push(`+${ruleName(command)}|${word}`)
  }
  return words
}
