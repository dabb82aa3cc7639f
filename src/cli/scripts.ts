/**
 * `geartrain scripts build <files…>`: compiles the portable scripts that modules define, into a manifest.
 *
 * The one idea: a module is loaded, as the program would load it, and every script that it defines while it loads is
 * compiled. So the manifest is of the functions that will run, after whatever a toolchain has made of them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import type { ScriptDefinition } from '../client/scripts/definition.ts'
import type { ManifestEntry, ScriptManifest } from '../client/scripts/manifest.ts'
import { collectScripts } from '../client/scripts/register.ts'

interface BuildOptions {
  readonly out: string
  readonly check?: boolean
  readonly json?: boolean
}

/** What keeps a manifest from being built or being current. */
export class ScriptsError extends Error {
  readonly code = 'GEARTRAIN_SCRIPTS'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ScriptsError'
  }
}

/** The subcommand, with its own subcommands. */
export function scriptsCommand(): Command {
  return new Command('scripts').description('portable scripts, ahead of time').addCommand(buildCommand())
}

function buildCommand(): Command {
  return new Command('build')
    .description('compile the scripts that modules define, and write a manifest')
    .argument('<files...>', 'modules that define scripts: JavaScript, or what a loader given to node understands')
    .option('--out <file>', 'where the manifest is written', 'geartrain.scripts.json')
    .option('--check', 'write nothing: fail when the manifest is not what would be written')
    .option('--json', 'print what was built as JSON')
    .action(async (files: readonly string[], { out, check, json }: BuildOptions) => {
      const manifest = await manifestOf(files)
      const text = `${JSON.stringify(manifest, null, 2)}\n`
      if (check === true) refuseStale(out, manifest)
      else writeFileSync(out, text)
      process.stdout.write(json === true ? text : report(manifest, out, check === true))
    })
}

/** Loads modules and compiles what they define. Throws a ScriptsError that says what is wrong, all of it. */
export async function manifestOf(files: readonly string[]): Promise<ScriptManifest> {
  const found = new Map<string, ManifestEntry>()
  const problems: string[] = []
  for (const file of files) {
    for (const definition of await definedIn(file)) {
      if (definition.written.kind === 'lua') continue
      const entry = entryOf(definition, file, problems)
      if (entry === undefined) continue
      const other = found.get(entry.name)
      if (other !== undefined && other.sourceHash !== entry.sourceHash) {
        problems.push(`${file}: there are two scripts ${entry.name}: give one another name`)
      }
      found.set(entry.name, entry)
    }
  }
  if (problems.length > 0) throw new ScriptsError(problems.join('\n'))
  const scripts = [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return { version: 1, scripts }
}

async function definedIn(file: string): Promise<readonly ScriptDefinition[]> {
  try {
    return await collectScripts(async () => {
      await import(pathToFileURL(resolve(file)).href)
    })
  } catch (error) {
    const isUnknown = error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION'
    const why = error instanceof Error ? error.message : String(error)
    const hint = isUnknown ? '\nnode does not read this kind of file: build it first, or give node a loader for it' : ''
    throw new ScriptsError(`${file} could not be loaded: ${why}${hint}`, error)
  }
}

function entryOf(definition: ScriptDefinition, file: string, problems: string[]): ManifestEntry | undefined {
  try {
    return definition.entry
  } catch (error) {
    problems.push(`${file}: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

function refuseStale(out: string, manifest: ScriptManifest): void {
  const there = readManifest(out)
  const names = new Set([...there.scripts, ...manifest.scripts].map(({ name }) => name))
  const entry = ({ scripts }: ScriptManifest, wanted: string) => {
    return JSON.stringify(scripts.find(({ name }) => name === wanted))
  }
  const stale = [...names].filter((name) => entry(there, name) !== entry(manifest, name))
  if (stale.length > 0) throw new ScriptsError(`${out} is stale: ${stale.toSorted().join(', ')}. Build it again.`)
}

function readManifest(out: string): ScriptManifest {
  try {
    const read: unknown = JSON.parse(readFileSync(out, 'utf8'))
    if (isManifest(read)) return read
  } catch (error) {
    throw new ScriptsError(`${out} cannot be read: ${error instanceof Error ? error.message : error}`, error)
  }
  throw new ScriptsError(`${out} is no manifest of scripts`)
}

function isManifest(value: unknown): value is ScriptManifest {
  return typeof value === 'object' && value !== null && 'scripts' in value && Array.isArray(value.scripts)
}

function report({ scripts }: ScriptManifest, out: string, isCheck: boolean): string {
  const lines = scripts.map(({ name, sha1, lua }) => `${sha1}  ${name}  ${lua.length} bytes of Lua`)
  return `${[...lines, `${out}: ${scripts.length} scripts${isCheck ? ', up to date' : ''}`].join('\n')}\n`
}
