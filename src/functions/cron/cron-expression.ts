/**
 * Cron expressions: `minute hour day-of-month month day-of-week`, in UTC.
 *
 * The one idea: a field is the set of its values, and the next time is found by skipping whole months, days and hours that
 * cannot match, never by trying minutes. As cron has it, when both days are given (neither begins with `*`) either will do.
 */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Nothing comes more rarely than a 29th of February on one weekday: within 40 years, the year 2100 included. */
const HORIZON_MS = 41 * 366 * DAY_MS

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

interface FieldRule {
  readonly name: string
  readonly min: number
  readonly max: number
  /** Names for values, from `min` on. */
  readonly names?: readonly string[]
}

const RULES: readonly FieldRule[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  // Sunday is 0 and 7.
  { name: 'day of the week', min: 0, max: 7, names: WEEKDAYS },
]

const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
])

type Values = ReadonlySet<number>

export class CronExpression {
  readonly text: string
  readonly #minutes: Values
  readonly #hours: Values
  readonly #days: Values
  readonly #months: Values
  readonly #weekdays: Values
  /** Both days are restricted: one of them suffices. */
  readonly #eitherDay: boolean

  /** Reads an expression; throws a TypeError that names the field. */
  constructor(text: string) {
    this.text = text
    const fields = (SHORTHANDS.get(text.trim().toLowerCase()) ?? text).trim().split(/\s+/)
    if (fields.length !== RULES.length) {
      throw new TypeError(`'${text}' is no cron expression: it has five fields, minute hour day month weekday`)
    }
    const sets = fields.map((field, i) => readField(field, RULES[i]!, text))
    this.#minutes = sets[0]!
    this.#hours = sets[1]!
    this.#days = sets[2]!
    this.#months = sets[3]!
    this.#weekdays = new Set([...sets[4]!].map((day) => day % 7))
    this.#eitherDay = !fields[2]!.startsWith('*') && !fields[4]!.startsWith('*')
  }

  /** The first time after `afterMs` (milliseconds since the epoch); undefined when there is none (a 30th of February). */
  next(afterMs: number): number | undefined {
    let at = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS
    const end = at + HORIZON_MS
    while (at < end) {
      const date = new Date(at)
      if (!this.#months.has(date.getUTCMonth() + 1)) at = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
      else if (!this.#isDay(date)) at = Math.floor(at / DAY_MS) * DAY_MS + DAY_MS
      else if (!this.#hours.has(date.getUTCHours())) at = Math.floor(at / HOUR_MS) * HOUR_MS + HOUR_MS
      else if (!this.#minutes.has(date.getUTCMinutes())) at += MINUTE_MS
      else return at
    }
    return undefined
  }

  #isDay(date: Date): boolean {
    const ofMonth = this.#days.has(date.getUTCDate())
    const ofWeek = this.#weekdays.has(date.getUTCDay())
    return this.#eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek
  }
}

/** One field: parts joined by commas, each `*`, a value or a range, each with an optional step. */
function readField(field: string, rule: FieldRule, whole: string): Values {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/')
    const by = step === undefined ? 1 : readNumber(step)
    if (by === undefined || by < 1 || more.length > 0) throw fault(part, rule, whole)
    const [from, to] = readRange(range, step !== undefined, rule, whole)
    for (let value = from; value <= to; value += by) values.add(value)
  }
  return values
}

/** The ends of a part. A single value with a step goes on to the last one. */
function readRange(range: string, hasStep: boolean, rule: FieldRule, whole: string): readonly [number, number] {
  // Sunday is 0 in `*`, so that steps begin there once.
  const last = rule.names === WEEKDAYS ? 6 : rule.max
  if (range === '*') return [rule.min, last]
  const [first = '', second, ...more] = range.split('-')
  const from = readValue(first, rule)
  const named = second === undefined ? (hasStep ? last : from) : readValue(second, rule)
  // `fri-sun` ends on the Sunday after.
  const to = rule.names === WEEKDAYS && named === 0 && from !== 0 ? rule.max : named
  if (from === undefined || to === undefined || more.length > 0 || from > to) throw fault(range, rule, whole)
  return [from, to]
}

function readValue(word: string, { min, max, names = [] }: FieldRule): number | undefined {
  const named = names.indexOf(word.toLowerCase())
  const value = named >= 0 ? named + min : readNumber(word)
  return value === undefined || value < min || value > max ? undefined : value
}

const readNumber = (word: string): number | undefined => (/^\d{1,3}$/.test(word) ? Number(word) : undefined)

function fault(part: string, { name, min, max, names }: FieldRule, whole: string): TypeError {
  const or = names === undefined ? '' : ` or ${names[0]}-${names.at(-1)}`
  return new TypeError(`'${whole}' is no cron expression: '${part}' is no ${name} (${min}-${max}${or})`)
}
