/** Functions without memory: who is let in, and what is refused. */
import { describe, expect, test } from 'vitest'
import { hosts, Wire } from './rig.ts'

const OOM = '-OOM can not run the function when out of memory'

describe.each(hosts)('without memory, on the $name host', ({ engineWith }) => {
  test('a function is let in that writes nothing or needs none, and what it runs is not refused', async () => {
    const wire = new Wire(
      engineWith(`
        const write = (client) => client.call('set', 'k', 'v')
        redis.registerFunction('plain', write)
        redis.registerFunction('reads', (client) => client.call('get', 'k'), { flags: ['no-writes'] })
        redis.registerFunction('careless', write, { flags: ['allow-oom'] })
      `),
    )
    await wire.send('SET', 'k', 'before')
    await wire.send('CONFIG', 'SET', 'maxmemory', '1')
    expect(await wire.send('TFCALL', 'L.plain', '0')).toBe(OOM)
    expect(await wire.send('TFCALLASYNC', 'L.plain', '0')).toBe(OOM)
    expect(await wire.send('TFCALL', 'L.reads', '0')).toBe('$6 before')
    expect(await wire.send('TFCALL', 'L.careless', '0')).toBe('$2 OK')
    await wire.send('CONFIG', 'SET', 'maxmemory', '0')
    expect(await wire.send('TFCALL', 'L.plain', '0')).toBe('$2 OK')
  })

  test('a background function cannot take the store', async () => {
    const wire = new Wire(
      engineWith(`
        redis.registerAsyncFunction('blocks', async (client) => {
          await Promise.resolve()
          return client.block((c) => c.call('set', 'k', 'v'))
        })
      `),
    )
    const answer = wire.start('TFCALLASYNC', 'L.blocks', '0')
    const other = new Wire(wire.engine)
    await other.send('CONFIG', 'SET', 'maxmemory', '1')
    expect(await answer).toContain('OOM Can not lock redis for write')
  })
})
