/** The part of docs/COMPATIBILITY.md about directives that have one value, or none, from the engine's own tables. */
import { REFUSALS } from '../../src/engine/config/refused.ts'
import { SETTLEMENTS } from '../../src/engine/config/settled.ts'

/** The page's part. */
export function directivePart(): string {
  const settled = SETTLEMENTS.map(({ reason, directives }) => {
    const values = directives.map(({ name, initial }) => `\`${name} ${initial === '' ? '""' : initial}\``)
    return `| ${values.join(', ')} | only this value | ${reason} |`
  })
  const refused = REFUSALS.map(
    ({ reason, names }) => `| ${names.map((name) => `\`${name}\``).join(', ')} | refused | ${reason} |`,
  )
  return ['| directive | here | why |', '| --- | --- | --- |', ...settled, ...refused].join('\n')
}
