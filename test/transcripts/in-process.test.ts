/** Every transcript, on an engine in process whose clock is moved by hand. */
import { expect, test } from 'vitest'
import { EngineStage } from '../../src/testing/transcript-engine.ts'
import { play } from '../../src/testing/transcript-play.ts'
import { transcripts } from './files.ts'

test.each(transcripts)('$path: $title', async (transcript) => {
  const stage = new EngineStage(transcript.protocol ?? 2)
  const differences = await play(transcript, stage)
  stage.close()
  expect(differences.join('\n')).toBe('')
})
