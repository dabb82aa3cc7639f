/**
 * MovingAverage: the mean of the last so many values, kept by whoever adds one.
 *
 * The one idea: the values are a list of bounded length; adding one and reading the mean is one script.
 */
import { t } from '../../script/spec.ts'
import { type ScriptTarget, script } from '../scripts/script.ts'

const add = script(
  {
    name: 'moving-average.add',
    keys: { values: 'list' },
    args: { value: t.number, most: t.number },
    returns: t.number,
  },
  ({ values }, { value, most }, env) => {
    let length = values.pushRight(value)
    while (length > most) {
      values.popLeft()
      length--
    }
    let sum = 0
    for (const held of values.range(0, -1)) sum += env.toNumber(held) ?? 0
    return sum / length
  },
)

/** The moving average of the values that are added under a key. */
export class MovingAverage {
  readonly #db: ScriptTarget
  readonly #key: string
  readonly #most: number

  /** `most` is how many values count: a whole number from 1. */
  constructor(db: ScriptTarget, key: string, most: number) {
    if (!Number.isSafeInteger(most) || most < 1) throw new RangeError(`${most} is no number of values: give 1 or more`)
    this.#db = db
    this.#key = key
    this.#most = most
  }

  /** Adds a value and gives the mean of the last ones. */
  add(value: number): Promise<number> {
    return add(this.#db, { values: this.#key }, { value, most: this.#most })
  }
}
