/**
 * The transcripts: every .txt file beside this one, read.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseTranscript, type Transcript } from '../../src/testing/transcript.ts'

export interface TranscriptFile extends Transcript {
  /** `list/index.txt`. */
  readonly path: string
}

const folder = fileURLToPath(new URL('.', import.meta.url))

/** All transcripts, in order of their paths. */
export const transcripts: readonly TranscriptFile[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.txt'))
  .sort()
  .map((path) => {
    try {
      return { path, ...parseTranscript(readFileSync(join(folder, path), 'utf8')) }
    } catch (error) {
      throw new Error(`${path}, ${error instanceof Error ? error.message : error}`)
    }
  })

/** Those that are true of a protocol. */
export const transcriptsIn = (protocol: 2 | 3): readonly TranscriptFile[] =>
  transcripts.filter((transcript) => (transcript.protocol ?? protocol) === protocol)
