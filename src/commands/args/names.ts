/**
 * What callers of the typed API call things: methods, arguments, options. Redis' own words, as TypeScript writes names.
 */
import type { Command } from '../command.ts'
import type { Node } from './nodes.ts'

/** `unix-time-seconds` as a property: `unixTimeSeconds`. */
export const camel = (name: string): string =>
  name.replace(/[^a-zA-Z0-9]+(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The method's name: `config|get` is `config_get`. */
export const methodName = (command: Command): string => command.lowerName.replace('|', '_').replaceAll('-', '_')

/** What an option is called: its token (`ex`, `block`, `store`), or its name where it has none. */
export const propertyOf = (node: Node): string =>
  node.kind === 'option' ? camel(node.token!.toLowerCase()) : camel(node.name)

/** Whether a list at the end of a line may be left out. */
export const isOmissible = (node: Node): boolean =>
  (node.kind === 'many' && node.least === 0) ||
  (node.kind === 'words' && (node.least ?? 0) === 0) ||
  (node.kind === 'numkeys' && node.rule?.min === 0)
