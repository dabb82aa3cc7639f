/** A value as one line of text, so that two can be compared whatever made them. */
import type { RdbValue } from '../../src/rdb/value.ts'
import type { Stream } from '../../src/structures/stream.ts'
import { formatId, MAX_ID, MIN_ID } from '../../src/structures/stream-id.ts'

export function textOf(value: RdbValue): string {
  if (typeof value !== 'object') return `string ${value}`
  if (!('type' in value)) return `string ${value.toBytes()}`
  switch (value.type) {
    case 'list':
      return `list ${value.slice(0, value.size - 1).join(',')}`
    case 'set':
      return `set ${value.members().sort().join(',')}`
    case 'hash':
      return `hash ${value
        .fields()
        .sort()
        .map(
          (field) =>
            `${field}=${value.get(field)}${value.deadline(field) === undefined ? '' : `@${value.deadline(field)}`}`,
        )
        .join(',')}`
    case 'zset': {
      const pairs: string[] = []
      value.forEach((member, score) => {
        pairs.push(`${member} ${Object.is(score, -0) ? '-0' : score}`)
      })
      return `zset ${pairs.join(',')}`
    }
    case 'stream':
      return streamText(value)
  }
}

function streamText(stream: Stream): string {
  let entries = ''
  for (const cursor = stream.range(MIN_ID, MAX_ID); cursor.next(); ) {
    entries += `${formatId(cursor.id)} `
    for (let i = 0; i < cursor.fields.length; i += 2) entries += `${cursor.fields[i]}=${cursor.fields[i + 1]}; `
  }
  const groups = stream.groups.values().map((group) => {
    const consumers = group.consumers.values().map(({ name, seenTimeMs, pending }) => {
      const held = [...pending.from(MIN_ID)].map((p) => `${formatId(p.id)} ${p.deliveryTimeMs} x${p.deliveryCount}`)
      return `${name}@${seenTimeMs}(${held.join('; ')})`
    })
    return ` ${group.name}:${formatId(group.lastDeliveredId)} read ${group.entriesRead} ${consumers.join(' ')}`
  })
  const counters = `added ${stream.entriesAdded} deleted ${formatId(stream.maxDeletedId)}`
  return `stream ${formatId(stream.lastId)} [${entries}] ${counters}${groups.join('')}`
}
