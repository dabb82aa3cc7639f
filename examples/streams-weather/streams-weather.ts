/**
 * Four years of Seattle's weather (from vega-datasets, figures of NOAA) as time series: one stream for temperatures, one for
 * rain, each day under its own date.
 *
 *     npx tsx examples/streams-weather/streams-weather.ts [redis://127.0.0.1:6379]
 */
import { readFileSync } from 'node:fs'
import { open } from 'geartrain'
import { type Codec, type Message, PayloadError } from 'geartrain/containers'

/** Numbers by name, which a stream keeps as text. */
const numbers: Codec<Readonly<Record<string, number>>> = {
  encode: (data) => data,
  decode: (fields) =>
    Object.fromEntries(
      fields.map(([name, value]) => {
        const number = Number(value)
        if (Number.isNaN(number)) throw new PayloadError(`${name} is no number`, [{ path: name, message: value }])
        return [name, number]
      }),
    ),
}

await using whole = await open(process.argv[2] ?? 'memory:')
const db = whole.withPrefix('weather:')
await db.deleteAll()
const series = db.timeSeries('report', ['temperature', 'rain'], { codec: numbers })
const [temperature, rain] = [series.stream('temperature'), series.stream('rain')]

const file = new URL('../data/seattle-weather.csv', import.meta.resolve('vega-datasets'))
const [, ...days] = readFileSync(file, 'utf8').trim().split('\n')
await Promise.all(
  days.flatMap((line) => {
    const [date, mm, max, min] = line.split(',')
    const at = new Date(`${date}T00:00:00Z`)
    const dry = Number(mm) === 0
    return [
      temperature.add({ max: Number(max), min: Number(min) }, at),
      ...(dry ? [] : [rain.add({ mm: Number(mm) }, at)]),
    ]
  }),
)
console.log('days:', await temperature.length(), 'with rain:', await rain.length())

// A slice: both ends belong to it.
const july = await temperature.slice(new Date('2015-07-01'), new Date('2015-07-31'))
const warmest = july.reduce((a, b) => (b.data.max! > a.data.max! ? b : a))
console.log('July 2015:', july.length, 'days, warmest', dayOf(warmest), warmest.data.max)

const wet = await rain.slice(new Date('2015-12-01'), new Date('2015-12-31'))
console.log(
  'December 2015:',
  wet.length,
  'wet days,',
  wet.reduce((sum, { data }) => sum + data.mm!, 0).toFixed(1),
  'mm',
)

// A moving average over seven days, page by page, of as many days as there are.
let peak = { day: '', mean: Number.NEGATIVE_INFINITY }
const window: number[] = []
for await (const message of temperature.walk({ page: 200 })) {
  window.push(message.data.max!)
  if (window.length > 7) window.shift()
  const mean = window.reduce((sum, max) => sum + max, 0) / window.length
  if (window.length === 7 && mean > peak.mean) peak = { day: dayOf(message), mean }
}
console.log('warmest week: until', peak.day, 'mean', peak.mean.toFixed(1))

// A group reads both streams in the order of time, goes on where it was, and is put back to any date.
await series.create()
await series.setId(new Date('2015-12-28'))
for (const { stream, data, timestamp } of await series.read()) {
  console.log(timestamp.toISOString().slice(0, 10), stream, Object.values(data).join(' '))
}
console.log('new since:', (await series.read()).length, 'pending:', (await series.pending()).length)
await db.deleteAll()

function dayOf({ timestamp }: Message<unknown>): string {
  return timestamp.toISOString().slice(0, 10)
}
