/**
 * The prologue: a library's first line, `#!js api_version=1.0 name=lib`.
 *
 * The one idea: it is split at every single blank and every `=`, no more cleverly than that; the order in which faults are
 * found is fixed, and clients match on the texts.
 */
import { nameFault } from '../guest/names.ts'

export interface Prologue {
  readonly name: string
  /** As declared: `1.0`. */
  readonly apiVersion: string
}

const SHAPE =
  'Invalid or missing prologue. The rules for the prologue are: a) It starts on the first line. b) It is formatted as follows: "#!<engine name> <key>=<value>".'
const SUPPORTED = new Set(['1.0', '1.1'])

/** Reads the prologue. Throws the text of the first fault. */
export function readPrologue(code: string): Prologue {
  const { engine, properties } = split(code)
  const repeated = [...properties].filter(([, values]) => values.length > 1).map(([key]) => key)
  if (repeated.length > 0) throw `Duplicated prologue properties found: ${repeated.join(', ')}.`
  const version = properties.get('api_version')?.[0]
  if (version === undefined) throw 'The api version is missing from the prologue.'
  const apiVersion = versionOf(version)
  const name = properties.get('name')?.[0]
  if (name === undefined) throw 'The library name is missing from the prologue.'
  const unknown = [...properties.keys()].filter((key) => key !== 'api_version' && key !== 'name')
  if (unknown.length > 0) {
    const quoted = unknown.map((key) => `"${key}"`).join(', ')
    throw `Unknown prologue properties provided: ${quoted}. Known properties: api_version, name.`
  }
  const fault = nameFault(name)
  if (fault !== undefined) throw `Unallowed library name '${name}', ${fault}.`
  if (engine !== 'js') throw `Unknown backend ${engine}`
  return { name, apiVersion }
}

/** Whether this version is one that can run; asked after the text has been compiled. Throws when not. */
export function checkVersion({ apiVersion }: Prologue): void {
  if (!SUPPORTED.has(apiVersion)) {
    throw `An unsupported API version was requested: ${apiVersion}. The supported versions are 1.0, 1.1.`
  }
}

function split(code: string): { engine: string; properties: Map<string, string[]> } {
  const line = /^[^\n]*/.exec(code)![0].trimEnd()
  if (!line.startsWith('#!')) throw SHAPE
  const [engine = '', ...rest] = line.slice(2).split(/[ =]/)
  if (engine === '' || /\s/.test(line.slice(2).replaceAll(' ', '')) || rest.length % 2 !== 0) throw SHAPE
  const properties = new Map<string, string[]>()
  for (let i = 0; i < rest.length; i += 2) {
    const [key, value] = [rest[i]!, rest[i + 1]!]
    if (key === '' || value === '') throw SHAPE
    properties.set(key, [...(properties.get(key) ?? []), value])
  }
  return { engine, properties }
}

function versionOf(text: string): string {
  const [major = '', minor = ''] = text.split('.')
  const isPart = (part: string): boolean => /^\d+$/.test(part) && Number(part) <= 255
  if (!isPart(major) || !isPart(minor)) {
    throw `The API version has been incorrectly specified: "${text}". The expected format is "<major>.<minor>". An example: "1.1".`
  }
  return `${Number(major)}.${Number(minor)}`
}
