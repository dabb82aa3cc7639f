/** TCONFIG_GET and TCONFIG_SET: the directives of libraries, by names without their prefix. */
import { type Bytes, lower, raw } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { OK, ReplyError } from '../../base/reply.ts'
import { bytes } from '../args/nodes.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, ok } from '../shape.ts'

const PREFIX = 'redisgears_2.'
const UNKNOWN = err('Unknown option or number of arguments')

const common = { group: 'triggers', since: '7.2.0', complexity: 'O(1)', flags: ['admin', 'noscript'] } as const

const prefixed = (name: Bytes): Bytes => raw(PREFIX + lower(name))

/** TCONFIG_GET name */
export const tconfigGet = command({
  ...common,
  name: 'TCONFIG_GET',
  summary: 'Tells the value of a directive of libraries.',
  args: [bytes('name')],
  reply: arrayOf(bulk),
  run: ({ server }, { name }) => {
    const value = server.config.get(prefixed(name))
    return value === undefined ? [] : [lower(name), raw(value)]
  },
})

/** TCONFIG_SET name value */
export const tconfigSet = command({
  ...common,
  name: 'TCONFIG_SET',
  summary: 'Sets a directive of libraries.',
  args: [bytes('name'), bytes('value')],
  reply: ok,
  run: ({ server }, { name, value }) => {
    try {
      server.config.set([[prefixed(name), value]])
      return OK
    } catch (error) {
      throw error instanceof ReplyError && error.message.startsWith('ERR Unknown option') ? UNKNOWN : error
    }
  },
})
