/**
 * KeptBackend: a store in this thread whose data is kept on disk.
 *
 * The one idea: under `appendfsync always` an answer is given when the disk has what it may have seen, so a promise stands
 * where there was none; calls without promises bring everything to the disk first. Under other policies nothing is added
 * but the question.
 */
import type { Argv } from '../../base/bytes.ts'
import type { PushReply, Reply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Release } from '../../engine/release.ts'
import type { Backend, BatchOptions, BatchReply, Features, Line, Session, SyncRunner } from '../backend.ts'
import { EmbeddedBackend } from './embedded-backend.ts'
import type { EmbeddedScripts } from './scripts.ts'

/** An answer, when it may be given. */
function kept<T extends BatchReply | Reply>(release: Release, answer: T | Promise<T>): T | Promise<T> {
  if (answer instanceof Promise) return answer.then((reply) => kept(release, reply))
  if (!release.mustHold) return answer
  return new Promise((resolve, reject) => release.hold(() => resolve(answer), reject))
}

export class KeptBackend implements Backend {
  readonly features: Features
  readonly engine: Engine
  readonly scripts: EmbeddedScripts
  readonly sync: SyncRunner
  readonly #backend: EmbeddedBackend
  readonly #release: Release

  constructor(engine: Engine, name: string) {
    const backend = new EmbeddedBackend(engine, name)
    const { release } = engine.persistence
    this.engine = engine
    this.features = backend.features
    this.scripts = backend.scripts
    this.#backend = backend
    this.#release = release
    this.sync = {
      call: (command, argv) => settled(release, backend.sync.call(command, argv)),
      batch: (lines, options) => settled(release, backend.sync.batch(lines, options)),
    }
  }

  call(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    const answer = this.#backend.call(command, argv)
    return this.#release.active ? kept(this.#release, answer) : answer
  }

  batch(lines: readonly Line[], options: BatchOptions): BatchReply | Promise<BatchReply> {
    return kept(this.#release, this.#backend.batch(lines, options))
  }

  async session(): Promise<Session> {
    return new KeptSession(await this.#backend.session(), this.#release)
  }

  close(): Promise<void> {
    return this.#backend.close()
  }
}

function settled<T>(release: Release, answer: T): T {
  if (release.failure !== undefined) throw release.failure
  if (release.mustHold) release.settleNow()
  return answer
}

class KeptSession implements Session {
  readonly scripts
  readonly #session: Session
  readonly #release: Release

  constructor(session: Session, release: Release) {
    this.#session = session
    this.#release = release
    this.scripts = session.scripts
  }

  get onPush(): ((message: PushReply) => void) | undefined {
    return this.#session.onPush
  }

  set onPush(listener) {
    const release = this.#release
    this.#session.onPush =
      listener && ((message) => (release.mustHold ? release.hold(() => listener(message)) : listener(message)))
  }

  get onEnd(): ((cause: Error) => void) | undefined {
    return this.#session.onEnd
  }

  set onEnd(listener) {
    this.#session.onEnd = listener
  }

  call(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    return kept(this.#release, this.#session.call(command, argv))
  }

  batch(lines: readonly Line[], options: BatchOptions): BatchReply | Promise<BatchReply> {
    return kept(this.#release, this.#session.batch(lines, options))
  }

  close(): Promise<void> {
    return this.#session.close()
  }
}
