/**
 * The lines of earlier sessions, in a file of the user's own.
 *
 * The one idea: a line that holds a secret is never written down. The file is readable by its owner alone; without a
 * place to write there is no history, and nobody is bothered.
 */
import { appendFileSync, chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { splitWords } from '../../base/split-words.ts'

/** How many lines are kept. */
export const HISTORY_LIMIT = 1000
const OWNER_ONLY = 0o600

const SECRET_DIRECTIVE = /^(requirepass|masterauth|masteruser|primaryauth|tls-.*-pass)$/

/** Whether a line would give a password away. One whose quotes do not close may hold anything. */
export function isSecret(line: string): boolean {
  const words = splitWords(line)?.map((word) => word.toLowerCase())
  if (words === undefined) return /auth|pass|setuser/i.test(line)
  const [name, second, ...rest] = /^\d+$/.test(words[0] ?? '') ? words.slice(1) : words
  if (name === 'auth') return true
  if (name === 'acl') return second === 'setuser'
  if (name === 'config') return second === 'set' && rest.some((word, at) => at % 2 === 0 && SECRET_DIRECTIVE.test(word))
  return (name === 'hello' || name === 'migrate') && rest.some((word) => word === 'auth' || word === 'auth2')
}

export class History {
  readonly #file: string

  /** The file GEARTRAIN_CLI_HISTFILE names, else `.geartrain_history` at home. */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#file = environment.GEARTRAIN_CLI_HISTFILE || join(homedir(), '.geartrain_history')
  }

  /** The last lines, newest first, which is readline's order. A file grown long is cut. */
  load(): string[] {
    try {
      const lines = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)
      const kept = lines.slice(-HISTORY_LIMIT)
      if (lines.length > 2 * HISTORY_LIMIT) writeFileSync(this.#file, `${kept.join('\n')}\n`, { mode: OWNER_ONLY })
      return kept.reverse()
    } catch {
      return []
    }
  }

  /** Writes a line down, unless it is a secret. */
  add(line: string): void {
    if (line.trim() === '' || isSecret(line)) return
    try {
      appendFileSync(this.#file, `${line}\n`, { mode: OWNER_ONLY })
      // The file may be older than we are; a device such as /dev/null is left as it is.
      const { mode } = statSync(this.#file, { throwIfNoEntry: true })
      if (statSync(this.#file).isFile() && (mode & 0o077) !== 0) chmodSync(this.#file, OWNER_ONLY)
    } catch {
      // A session without a place for its history goes on.
    }
  }
}
