/**
 * Plays a transcript on a server of our own, made for it: real sockets, time moved by hand.
 */
import { Server } from '../../src/server/server.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { engineForTranscripts } from '../../src/testing/transcript-engine.ts'
import { play } from '../../src/testing/transcript-play.ts'
import type { TranscriptFile } from './files.ts'
import { WireStage } from './wire-stage.ts'

/** The differences, as text; empty when all is as written. */
export async function playServed(transcript: TranscriptFile, protocol: 2 | 3): Promise<string> {
  const clock = new ManualClock()
  const engine = engineForTranscripts(clock)
  const server = new Server(engine)
  await server.listen([{ kind: 'tcp', host: '127.0.0.1', port: 0 }])
  const stage = new WireStage(server.port, protocol, (ms) => clock.advance(ms))
  const differences = await play(transcript, stage)
  stage.close()
  await server.close(0)
  engine.stop()
  return differences.join('\n')
}
