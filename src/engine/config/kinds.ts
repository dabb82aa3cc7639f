/**
 * Kinds of directives: how a value is read, in which form it is kept, and what is said of one that can't be.
 *
 * The one idea: a kind turns the words of redis.conf or CONFIG SET into the one text that CONFIG GET prints. Texts of
 * problems are Redis' own.
 */

import { raw } from '../../base/bytes.ts'
import { parseInteger } from '../../base/integers.ts'

/** Why a value was refused. */
export class Problem {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Reads a value; `before` is the text in force, which some kinds only change in part. */
export type Kind = (text: string, before: string) => string | Problem

/** Any text. */
export const anyText: Kind = (text) => text

/** `yes` or `no`, any case. */
export const yesNo: Kind = (text) => {
  const word = text.toLowerCase()
  return word === 'yes' || word === 'no' ? word : new Problem("argument must be 'yes' or 'no'")
}

/** One of some words, any case. */
export const oneOfWords =
  (...words: readonly string[]): Kind =>
  (text) =>
    words.find((word) => word === text.toLowerCase()) ??
    new Problem(`argument(s) must be one of the following: ${words.join(', ')}`)

type Bound = number | bigint

function within(value: Bound, min: Bound, max: Bound): string | Problem {
  return value >= min && value <= max ? `${value}` : new Problem(`argument must be between ${min} and ${max} inclusive`)
}

/** An integer in a range. */
export const integerIn =
  (min: Bound, max: Bound): Kind =>
  (text) => {
    const value = parseInteger(raw(text))
    return value === undefined ? new Problem("argument couldn't be parsed into an integer") : within(value, min, max)
  }

/** An integer that takes the nearest value of its range instead of being refused. */
export const clampedTo =
  (min: number, max: number): Kind =>
  (text) => {
    const value = parseInteger(raw(text))
    if (value === undefined) return new Problem("argument couldn't be parsed into an integer")
    return `${Math.min(Math.max(Number(value), min), max)}`
  }

/** Octal digits: permissions of a file. */
export const octal: Kind = (text) =>
  /^[0-7]{1,3}$/.test(text)
    ? text.replace(/^0+(?=.)/, '')
    : new Problem("argument couldn't be parsed as an octal number")

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n ** 2n,
  mb: 1024n ** 2n,
  g: 1000n ** 3n,
  gb: 1024n ** 3n,
}

/** Bytes, with or without a unit (`64mb`, `1k`); undefined when it is no size. */
export function parseSize(text: string): bigint | undefined {
  const match = /^([0-9]{0,19})([a-z]*)$/i.exec(text)
  const unit = match === null ? undefined : UNITS[match[2]!.toLowerCase()]
  return unit === undefined ? undefined : BigInt(match![1]!) * unit
}

/** A size in bytes, in a range. */
export const sizeIn =
  (min: Bound, max: Bound): Kind =>
  (text) => {
    const size = parseSize(text)
    return size === undefined ? new Problem('argument must be a memory value') : within(size, min, max)
  }

/** A size in bytes, or a share of another size: `5%`. */
export const sizeOrPercent: Kind = (text) => {
  const percent = /^(0|[1-9][0-9]{0,8})%$/.exec(text)?.[1]
  if (percent !== undefined) {
    if (Number(percent) > 100) return new Problem('percentage argument must be less or equal to 100')
    return Number(percent) === 0 ? '0' : `${Number(percent)}%`
  }
  const size = parseSize(text)
  return size === undefined ? new Problem('argument must be a memory or percent value') : `${size}`
}

const CLASSES = ['normal', 'slave', 'pubsub']

/** `class hard soft seconds` for some of the classes; the others keep what they had. */
export const outputLimits: Kind = (text, before) => {
  const words = text === '' ? [] : text.split(' ')
  if (words.length % 4 !== 0) return new Problem('Wrong number of arguments in buffer limit configuration.')
  const limits = new Map<string, string>()
  for (let i = 0, old = before.split(' '); i < old.length; i += 4)
    limits.set(old[i]!, old.slice(i + 1, i + 4).join(' '))
  for (let i = 0; i < words.length; i += 4) {
    const given = words[i]!.toLowerCase()
    const name = given === 'replica' ? 'slave' : given
    if (!CLASSES.includes(name)) return new Problem('Invalid client class specified in buffer limit configuration.')
    const limit = limitOf(words.slice(i + 1, i + 4))
    if (limit === undefined) {
      return new Problem('Error in hard, soft or soft_seconds setting in buffer limit configuration.')
    }
    limits.set(name, limit)
  }
  return CLASSES.map((name) => `${name} ${limits.get(name)}`).join(' ')
}

function limitOf([hardText, softText, secondsText]: readonly string[]): string | undefined {
  const hard = parseSize(hardText!)
  const soft = parseSize(softText!)
  const seconds = /^[0-9]+$/.test(secondsText!) ? Number(secondsText) : undefined
  return hard === undefined || soft === undefined || seconds === undefined ? undefined : `${hard} ${soft} ${seconds}`
}

/** Percentages, as INFO's latencystats names them: no more than six digits behind the point. */
export const percentiles: Kind = (text) => {
  const words = text.split(' ').filter((word) => word !== '')
  const values = words.map((word) =>
    /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i.test(word) ? Number(word) : NaN,
  )
  if (values.some(Number.isNaN)) return new Problem('Invalid latency-tracking-info-percentiles parameters')
  if (values.some((value) => value < 0 || value > 100)) {
    return new Problem('latency-tracking-info-percentiles parameters should sit between [0.0,100.0]')
  }
  return values.map((value) => `${Number(value.toFixed(6))}`).join(' ')
}

/** Letters of keyspace events, kept as given: what is printed leaves some out. */
export const eventLetters: Kind = (text) =>
  /^[g$lshzxetdnKEmA]*$/.test(text) ? text : new Problem("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")

/** What a process' title may be made of. */
const TITLE_PARTS = /\{(?:title|listen-addr|server-mode|port|tls-port|config-file|unixsocket)\}|\{\{/g

/** A template of the process' title: text with variables in braces; `{{` is a brace. */
export const processTitle: Kind = (text) =>
  text !== '' && !text.replace(TITLE_PARTS, '').includes('{')
    ? text
    : new Problem('template format is invalid or contains unknown variables')
