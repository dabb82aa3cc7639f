import { expect, test } from 'vitest'
import { type Bytes, bytes } from '../../base/bytes.ts'
import { seededRandom } from '../../base/random.ts'
import { OK } from '../../base/reply.ts'
import { allCommands } from '../../commands/all.ts'
import { GATE } from '../../commands/client.ts'
import { createEngine } from '../../create.ts'
import { ManualClock, Recorder } from '../../testing/index.ts'
import { Engine } from '../engine.ts'

function start() {
  const engine = createEngine({ clock: new ManualClock() })
  const connect = () => new Recorder(engine)
  const ask = (client: Recorder, line: string) => client.run(line.split(' ').map(bytes))[0]
  return { engine, connect, ask }
}

const isRestricted = ({ session }: Recorder): boolean => (session.client.gate & GATE.restricted) !== 0

test('only clients whose user may not do everything have the gate of the restricted', () => {
  const { connect, ask } = start()
  const [admin, alice] = [connect(), connect()]
  ask(admin, 'ACL SETUSER alice on nopass +@all ~* &*')
  ask(alice, 'AUTH alice x')
  expect([isRestricted(admin), isRestricted(alice)]).toEqual([false, false])
  ask(admin, 'ACL SETUSER alice -get')
  expect([isRestricted(admin), isRestricted(alice)]).toEqual([false, true])
  ask(admin, 'ACL SETUSER alice (+@all ~* &*)')
  expect(isRestricted(alice)).toBe(false)
  ask(admin, 'ACL SETUSER alice clearselectors +@all resetchannels')
  expect(isRestricted(alice)).toBe(true)
  ask(alice, 'RESET')
  expect(isRestricted(alice)).toBe(false)
  ask(admin, 'ACL SETUSER default -flushall')
  expect([isRestricted(admin), isRestricted(alice), isRestricted(connect())]).toEqual([true, true, true])
})

test('a user that was removed and made again is another user', () => {
  const { connect, ask } = start()
  const [admin, alice] = [connect(), connect()]
  ask(admin, 'ACL SETUSER alice on nopass +@all ~*')
  ask(alice, 'AUTH alice x')
  ask(admin, 'ACL DELUSER alice')
  ask(admin, 'ACL SETUSER alice on nopass')
  expect(alice.session.client.closing).toBe(true)
  expect(alice.session.client.user).toBe('default')
})

test('who takes channels from itself, or removes itself, is answered and then closed', () => {
  const { connect, ask } = start()
  const [alice, bob] = [connect(), connect()]
  for (const line of ['ACL SETUSER a on nopass +@all ~* &*', 'HELLO 3 AUTH a x', 'SUBSCRIBE q']) ask(alice, line)
  expect(ask(alice, 'ACL SETUSER a resetchannels')).toEqual(OK)
  expect([alice.session.client.closing, alice.session.client.user]).toEqual([true, 'a'])
  ask(bob, 'AUTH a x')
  expect(ask(bob, 'ACL DELUSER a')).toBe(1)
  expect([bob.session.client.closing, bob.session.client.user]).toEqual([true, 'default'])
})

test('a script is refused in words of its own, and the log says where', () => {
  const { engine, connect, ask } = start()
  const [admin, alice] = [connect(), connect()]
  ask(admin, 'ACL SETUSER alice on nopass +@all -set ~k &c')
  ask(alice, 'AUTH alice x')
  const refusal = (...words: string[]) => {
    const argv: readonly Bytes[] = words.map(bytes)
    return engine.acl.refusalInScript(alice.session.client, engine.table.find(argv)!, argv)?.message
  }
  expect(refusal('get', 'k')).toBeUndefined()
  expect(refusal('set', 'k', '1')).toBe("ERR The user executing the script can't run this command or subcommand")
  expect(refusal('get', 'x')).toBe(
    "ERR The user executing the script can't access at least one of the keys mentioned in the command arguments",
  )
  expect(refusal('publish', 'd', 'm')).toBe(
    "ERR The user executing the script can't publish to the channel mentioned in the command",
  )
  expect(engine.acl.logged(9).map(({ reason, context, object }) => `${reason} ${context} ${object}`)).toEqual([
    'channel lua d',
    'key lua x',
    'command lua set',
  ])
})

test('an engine without files says so', () => {
  const options = { commands: allCommands, clock: new ManualClock(), random: seededRandom(1) }
  expect(() => new Engine({ ...options, config: { aclfile: 'users.acl' } })).toThrow('without files')
})
