/** The compiler of scripts. */
import type { Compiler } from './definition.ts'

export const compiler: Compiler = {
  compile() {
    throw new Error('no compiler yet')
  },
  print() {
    throw new Error('no compiler yet')
  },
}
