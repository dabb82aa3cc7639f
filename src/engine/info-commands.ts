/** What INFO says of commands: commandstats, errorstats and latencystats. */
import { withSubcommands } from './command-statistics.ts'
import type { Engine } from './engine.ts'

/** `name:value` lines. */
export type Fields = readonly (readonly [name: string, value: string | number])[]

/** Calls and times of every command that was called or refused. */
export function commandFields({ table, statistics: { byCommand } }: Engine): Fields {
  const { calls, micros, rejected, failed } = byCommand
  return withSubcommands(table.all).flatMap(({ index, lowerName }) => {
    if (calls[index] === 0 && rejected[index] === 0 && failed[index] === 0) return []
    const per = calls[index] === 0 ? 0 : micros[index]! / calls[index]!
    const times = `usec=${Math.floor(micros[index]!)},usec_per_call=${per.toFixed(2)}`
    const ends = `rejected_calls=${rejected[index]},failed_calls=${failed[index]}`
    return [[`cmdstat_${lowerName}`, `calls=${calls[index]},${times},${ends}`] as const]
  })
}

/** Errors answered, by code. */
export function errorFields({ statistics }: Engine): Fields {
  return [...statistics.errors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, count]) => [`errorstat_${code}`, `count=${count}`])
}

/** Microseconds that so many per cent of a command's runs did not exceed, for every command that was timed. */
export function latencyFields({ table, config, statistics: { byCommand } }: Engine): Fields {
  const percents = config.text('latency-tracking-info-percentiles').split(' ').filter(Boolean)
  return withSubcommands(table.all).flatMap(({ index, lowerName }) => {
    const histogram = byCommand.histograms[index]
    if (histogram === undefined) return []
    const values = percents.map((percent) => `p${percent}=${histogram.percentile(Number(percent)).toFixed(3)}`)
    return [[`latency_percentiles_usec_${lowerName}`, values.join(',')] as const]
  })
}
