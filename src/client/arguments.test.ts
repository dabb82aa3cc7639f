/** What can't be sent never is: every method rejects with a TypeError that names the argument. */
import { afterAll, describe, expect, test } from 'vitest'
import { EmbeddedBackend } from '../backend/embedded/embedded-backend.ts'
import { allCommands } from '../commands/all.ts'
import { camel, isOmissible, methodName, propertyOf } from '../commands/args/names.ts'
import { type Node, spread } from '../commands/args/nodes.ts'
import type { Given } from '../commands/args/word.ts'
import { createEngine } from '../create.ts'
import { methodCommands } from './command-methods.ts'
import { Database } from './database.ts'

const db = new Database(new EmbeddedBackend(createEngine()))
afterAll(() => db.close())

/** Something that fits a node. */
function fitting(node: Node): Given {
  const inner = node.inner ?? []
  switch (node.kind) {
    case 'integer':
    case 'int64':
    case 'double':
    case 'timeout':
    case 'cursor':
      return 1
    case 'choice':
      return node.choices![0]
    case 'many':
    case 'counted':
      return [fitting(inner[0]!)]
    case 'tail':
      return [inner.map(fitting)]
    case 'halves':
      return [inner.map(fitting)]
    case 'sequence':
      return [[inner[0]!.token, ...inner[0]!.inner!.map(fitting)]]
    case 'option':
      return inner.map(fitting)
    default:
      return 'x'
  }
}

const call = (name: string, ...given: readonly unknown[]): Promise<unknown> =>
  Promise.resolve(Reflect.apply(Reflect.get(db, name), db, given))

const methods = methodCommands(allCommands).map((command) => [methodName(command), spread(command.spec.args)] as const)

describe.each(methods)('%s', (name, nodes) => {
  const required = nodes.filter((node) => !node.optional)
  test.each(required.map((node, i) => [camel(node.name), i, node] as const))('%s', async (argument, i, node) => {
    const before = required.slice(0, i).map(fitting)
    for (const wrong of [true, null, Symbol.iterator, () => {}, ...(isOmissible(node) ? [] : [undefined])]) {
      const refused = call(name, ...before, wrong)
      await expect(refused).rejects.toThrow(TypeError)
      await expect(refused).rejects.toThrow(argument)
    }
  })
  test('options', async () => {
    const given = required.map(fitting)
    await expect(call(name, ...given, { nonsense: 1 })).rejects.toThrow(/no option "nonsense"/)
    await expect(call(name, ...given, 'word')).rejects.toThrow('options must be an object')
    for (const node of nodes.filter(({ optional }) => optional)) {
      const refused = call(name, ...given, { [propertyOf(node)]: () => {} })
      await expect(refused).rejects.toThrow(TypeError)
      await expect(refused).rejects.toThrow(propertyOf(node))
    }
  })
})

test('numbers are whole where they must be, and never NaN', async () => {
  await expect(db.lrange('l', 0.5, 1)).rejects.toThrow('start must be an integer, not 0.5')
  await expect(db.set('k', Number.NaN)).rejects.toThrow('value must be a string')
  await expect(db.expire('k', Number.NaN)).rejects.toThrow('seconds')
  await expect(db.del([])).rejects.toThrow('keys must be one at least')
  await expect(db.zrange('z', 0, -1, { limit: [0] as never })).rejects.toThrow('limit must be 2 values')
})
