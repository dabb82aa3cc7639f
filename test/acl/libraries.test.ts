/**
 * Commands of libraries are commands of the caller's user.
 */
import { describe, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { hosts, Wire } from '../functions/rig.ts'

const BODY = `
  redis.registerFunction('get', (client, key) => client.call('get', key))
  redis.registerFunction('set', (client, key) => client.call('set', key, 'x'))
  redis.registerFunction('sort', (client, key) => client.call('sort', key, 'get', 'secret*'))
  redis.registerFunction('publish', (client, channel) => client.call('publish', channel, 'm'))
  redis.registerAsyncFunction('leave', async (client, key) => {
    await Promise.resolve()
    try {
      client.block((held) => held.call('set', key, 'done'))
    } catch (error) {
      redis.log(String(error))
    }
  })
  redis.registerAsyncFunction('later', async (client, key) => client.block((held) => held.call('get', key)))
`

/** Alice calls; the other client is the default user. */
async function people(engine: Engine) {
  const admin = new Wire(engine)
  const alice = new Wire(engine)
  await admin.send(
    'ACL',
    'SETUSER',
    'alice',
    'on',
    'nopass',
    '~cached:*',
    '&c',
    '+get',
    '+publish',
    '+tfcall',
    '+tfcallasync',
    '+auth',
  )
  expect(await alice.send('AUTH', 'alice', 'x')).toBe('+OK')
  return { admin, alice }
}

describe.each(hosts)('a library in the $name host', (host) => {
  test('reads and writes what its caller may, whoever loaded it', async () => {
    const { admin, alice } = await people(host.engineWith(BODY))
    await admin.send('SET', 'cached:x', '1')
    expect(await alice.send('TFCALL', 'L.get', '1', 'cached:x')).toBe('$1 1')
    expect(await alice.send('TFCALL', 'L.get', '1', 'secret')).toContain(
      'NOPERM this user has no permissions to access one of the keys',
    )
    expect(await alice.send('TFCALL', 'L.get', '0', 'secret')).toContain('NOPERM No permissions to access a key')
    expect(await alice.send('TFCALL', 'L.set', '0', 'cached:x')).toContain(
      "NOPERM User alice has no permissions to run the 'set' command",
    )
    expect(await alice.send('TFCALL', 'L.publish', '0', 'd')).toContain('NOPERM No permissions to access a channel')
    expect(await alice.send('TFCALL', 'L.publish', '0', 'c')).toBe(':0')
    expect(await admin.send('TFCALL', 'L.set', '0', 'secret')).toBe('$2 OK')
    await admin.send('RPUSH', 'cached:l', '1')
    await admin.send('SET', 'secret1', 'hidden')
    await admin.send('ACL', 'SETUSER', 'alice', '+sort')
    expect(await alice.send('TFCALL', 'L.sort', '0', 'cached:l')).toContain('GET option of SORT denied')
    expect(await admin.send('TFCALL', 'L.sort', '0', 'cached:l')).toBe('*1 $6 hidden')
    const log = await admin.send('ACL', 'LOG')
    expect(log).toMatch(/reason \$7 channel \$7 context \$6 module \$6 object \$1 d \$8 username \$5 alice/)
    expect(log).toMatch(/reason \$3 key \$7 context \$8 toplevel/)
  })

  test('keeps to the rules in later sections of a call', async () => {
    const { alice } = await people(host.engineWith(BODY))
    expect(await alice.send('TFCALLASYNC', 'L.later', '1', 'cached:x')).toBe('$-1')
    expect(await alice.send('TFCALLASYNC', 'L.later', '0', 'secret')).toContain('NOPERM No permissions to access a key')
  })

  test('does nothing more for a user that is gone or switched off', async () => {
    const { admin, alice } = await people(host.engineWith(BODY))
    await admin.send('ACL', 'SETUSER', 'alice', 'off')
    expect(await alice.send('TFCALL', 'L.get', '0', 'cached:x')).toContain('User does not exists or disabled')
  })

  test('goes on for a user only while there is one of that name', async () => {
    const { admin, alice } = await people(host.engineWith(BODY))
    await admin.send('ACL', 'SETUSER', 'alice', '+set')
    const removed = ['ACL', 'DELUSER', 'alice'].map((word) => bytes(word))
    alice.recorder.run(['TFCALLASYNC', 'L.leave', '1', 'cached:gone'].map((word) => bytes(word)))
    admin.recorder.run(removed)
    // A library's jobs run one after the other: what was left is over when this one answers.
    await admin.send('TFCALLASYNC', 'L.later', '1', 'cached:x')
    expect(await admin.send('EXISTS', 'cached:gone')).toBe(':0')
    expect(alice.recorder.session.client.closing).toBe(true)

    const { alice: again } = await people(alice.engine)
    await admin.send('ACL', 'SETUSER', 'alice', '+set')
    again.recorder.run(['TFCALLASYNC', 'L.leave', '1', 'cached:there'].map((word) => bytes(word)))
    await admin.send('TFCALLASYNC', 'L.later', '1', 'cached:x')
    expect(await admin.send('GET', 'cached:there')).toBe('$4 done')
  })
})
