/**
 * The rule for names of libraries and functions: ASCII letters, digits and underscores.
 */

/** What is wrong with a name, in the original's words; undefined when nothing is. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'Empty name is not allowed'
  const bad = /[^A-Za-z0-9_]/u.exec(name)
  return bad === null ? undefined : `Unallowed char was given '${bad[0]}'`
}
