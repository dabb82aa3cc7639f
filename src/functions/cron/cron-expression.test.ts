/** Cron expressions: what they mean, and what they refuse. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CronExpression } from './cron-expression.ts'

const at = (text: string): number => Date.parse(`${text}:00Z`)
const next = (expression: string, after: string): string | undefined => {
  const found = new CronExpression(expression).next(at(after))
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16)
}

describe('the next time', () => {
  test.each([
    ['* * * * *', '2024-01-01T00:00', '2024-01-01T00:01'],
    ['*/15 * * * *', '2024-01-01T00:15', '2024-01-01T00:30'],
    ['5/20 * * * *', '2024-01-01T00:45', '2024-01-01T01:05'],
    ['0 9-17/4 * * mon-fri', '2024-01-05T17:00', '2024-01-08T09:00'],
    ['30 2 * * *', '2023-12-31T02:30', '2024-01-01T02:30'],
    ['0 0 29 2 *', '2024-02-29T00:00', '2028-02-29T00:00'],
    ['0 0 29 feb *', '2096-03-01T00:00', '2104-02-29T00:00'],
    ['0 0 1,15 * *', '2024-01-02T00:00', '2024-01-15T00:00'],
    ['0 0 13 * fri', '2024-01-01T00:00', '2024-01-05T00:00'],
    ['0 0 */2 * mon', '2024-01-01T00:00', '2024-01-15T00:00'],
    ['0 0 * * 7', '2024-01-01T00:00', '2024-01-07T00:00'],
    ['0 0 * * SUN', '2024-01-01T00:00', '2024-01-07T00:00'],
    ['0 0 * * fri-sun', '2024-01-06T00:00', '2024-01-07T00:00'],
    ['@monthly', '2024-01-01T00:00', '2024-02-01T00:00'],
    [' @Hourly ', '2024-01-01T00:00', '2024-01-01T01:00'],
    ['0 0 30 2 *', '2024-01-01T00:00', undefined],
    ['0 0 31 4,6,9,11 *', '2024-01-01T00:00', undefined],
  ])('of %j after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected)
  })

  test('is after the moment asked for, on the minute, and none was passed over', () => {
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
      )
    const expression = fc
      .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
      .map((fields) => fields.join(' '))
    fc.assert(
      fc.property(expression, fc.integer({ min: 0, max: 4e12 }), (text, after) => {
        const cron = new CronExpression(text)
        const found = cron.next(after)
        expect(found).toBeGreaterThan(after)
        expect(found! % 60_000).toBe(0)
        // Asked from any moment before, it is the same.
        expect(cron.next(Math.floor((after + found! - 1) / 2))).toBe(found)
        expect(cron.next(found! - 1)).toBe(found)
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['', 'it has five fields'],
  ['* * * *', 'it has five fields'],
  ['* * * * * *', 'it has five fields'],
  ['@never', 'it has five fields'],
  ['60 * * * *', "'60' is no minute (0-59)"],
  ['-1 * * * *', "'-1' is no minute"],
  ['* 24 * * *', "'24' is no hour"],
  ['* * 0 * *', "'0' is no day of the month (1-31)"],
  ['* * * 13 *', "'13' is no month (1-12 or jan-dec)"],
  ['* * * * 8', "'8' is no day of the week (0-7 or sun-sat)"],
  ['* * * * monday', "'monday' is no day of the week"],
  ['5-1 * * * *', "'5-1' is no minute"],
  ['1-2-3 * * * *', "'1-2-3' is no minute"],
  ['*/0 * * * *', "'*/0' is no minute"],
  ['*/x * * * *', "'*/x' is no minute"],
  ['1/2/3 * * * *', "'1/2/3' is no minute"],
  ['1, * * * *', "'' is no minute"],
  ['1.5 * * * *', "'1.5' is no minute"],
])('%j is refused', (text, why) => {
  expect(() => new CronExpression(text)).toThrow(why)
})
