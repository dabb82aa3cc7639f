/**
 * Makes one text of the guest runtime's inside, for isolates, and one of the guards of builtins, for realms:
 * `npx tsx scripts/guest.ts` after every change of src/guest. A test compares the texts with the sources.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')
const ISOLATE = join(ROOT, 'src/guest/hosts/isolate')
export const OUTPUT = join(ROOT, 'src/guest/generated/inside-text.ts')

/** One expression: what `entry` exports under `name`. */
async function textOf(entry: string, name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ISOLATE, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'inside',
    target: 'node20',
    charset: 'ascii',
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [
      {
        name: 'natives',
        // Inside an isolate there is no Node.
        setup: ({ onResolve }) => {
          onResolve({ filter: /\/natives\.ts$/ }, () => ({ path: join(ISOLATE, 'natives.ts') }))
        },
      },
    ],
  })
  return `(()=>{"use strict";${outputFiles[0]!.text.trim()}return inside.${name}})()`
}

/** The generated file. */
export async function insideText(): Promise<string> {
  const literal = (text: string): string => JSON.stringify(text)
  return `/** The guest runtime as text, printed by scripts/guest.ts. Do not edit. */

/** Evaluates to \`install\` of hosts/isolate/inside.ts. */
export const INSIDE =
  ${literal(await textOf('inside.ts', 'install'))}

/** Evaluates to \`guardBuiltins\` of hosts/isolate/guards.ts. */
export const GUARDS =
  ${literal(await textOf('guards.ts', 'guardBuiltins'))}
`
}

if (process.argv[1] === import.meta.filename) writeFileSync(OUTPUT, await insideText())
