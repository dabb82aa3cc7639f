/**
 * Hostile streams into a server, over sockets: commands of every kind, spoilt, whole and cut to single bytes. The server
 * stays up, its other clients are served, and when all is over it has not grown. FUZZ_BYTES and FUZZ_SEED as for the
 * decoders (src/resp/fuzz.test.ts); a soak takes 10,000,000 bytes.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { allCommands } from '../../src/commands/all.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { ArgvGenerator } from '../../src/testing/argv-generator.ts'
import { noise, numbersFrom, spoilt } from '../../src/testing/hostile-bytes.ts'
import { eventually, type Served, serveFresh, Wire } from './wire.ts'

const BYTES = Number(process.env.FUZZ_BYTES ?? (process.env.SOAK === '1' ? 10_000_000 : 300_000))
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_102)
/** Bytes between two looks at the other client and at memory. */
const ROUND = 50_000
const MAY_GROW = 24 * 1024 * 1024

/** What by design touches others: ends or stops clients, changes the configuration, asks for passwords. */
const ABOVE_OTHERS = /^(?:SHUTDOWN|DEBUG|MONITOR|ACL\b|CONFIG\||CLIENT\|(?:KILL|PAUSE|UNBLOCK)|TFUNCTION)/

const commands = allCommands
  .flatMap((command) => (command.subcommands.size > 0 ? [...command.subcommands.values()] : [command]))
  .filter(({ name }) => !ABOVE_OTHERS.test(name))

let served: Served
let sane: Wire

beforeAll(async () => {
  served = await serveFresh()
  sane = await Wire.open(served.port)
})
afterAll(async () => {
  sane.close()
  await served.stop()
})

it(
  'is served to the end, whatever the others send',
  async () => {
    const next = numbersFrom(SEED)
    const generator = new ArgvGenerator(seededRandom(SEED))
    const stream = (): string => {
      if (next(8) === 0) return noise(next)
      const argvs = Array.from({ length: 1 + next(12) }, () => generator.next(commands[next(commands.length)]!))
      return spoilt(argvs.map(encodeCommand).join(''), next)
    }
    let fed = 0
    let refused = 0
    const roundOf = async (): Promise<void> => {
      for (const until = fed + ROUND; fed < until; ) {
        const text = stream()
        fed += text.length
        if (await survives(text, next)) refused++
      }
      expect(await sane.ask('$4\r\nsane\r\n', 'ECHO', 'sane')).toBe('$4\r\nsane\r\n')
      await sane.ask('+OK\r\n', 'FLUSHALL')
    }
    await roundOf()
    const before = memory()
    while (fed < BYTES) await roundOf()
    await eventually(() => served.engine.clients.count === 1)
    expect(memory() - before).toBeLessThan(MAY_GROW)
    // The control: some streams were refused with a protocol error, most were not.
    expect(refused).toBeGreaterThan(10)
    expect(served.engine.statistics.commands).toBeGreaterThan(BYTES / 1000)
  },
  120_000 + BYTES / 20,
)

/** Sends a stream, whole or byte by byte, and hangs up. True when the server refused it. */
async function survives(text: string, next: (below: number) => number): Promise<boolean> {
  const wire = await Wire.open(served.port)
  wire.socket.setNoDelay(true)
  if (next(4) > 0) wire.write(text)
  else for (const byte of text) wire.write(byte)
  if (next(3) === 0) {
    wire.close()
    return false
  }
  wire.socket.end()
  const answer = await wire.untilClosed()
  return answer.includes('-ERR Protocol error')
}

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

function memory(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
