/**
 * PrefixedBackend: the part of a store whose keys begin with a prefix, as if it were all of it.
 *
 * The one idea: a layer over any backend, with the backend's own interface. Words get the prefix on their way down,
 * replies and messages lose it on their way up; nobody above or below knows of it.
 */
import { type Argv, type Bytes, raw, text } from '../../base/bytes.ts'
import { systemRandom } from '../../base/random.ts'
import { isArray, type Reply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import { keys } from '../../commands/generic/walk.ts'
import type { Backend, Features, Runner, Session, SyncRunner } from '../backend.ts'
import { patternIn } from './channels.ts'
import { PrefixedRunner } from './prefixed-runner.ts'
import { PrefixedSession } from './prefixed-session.ts'
import { Prefixing } from './prefixing.ts'

/** Random keys of the whole store are looked at this often; after that the prefix' keys are listed. */
const TRIES = 20

/** The keys of a store that begin with a prefix. */
export class PrefixedBackend extends PrefixedRunner implements Backend {
  readonly inner: Backend
  readonly prefix: Bytes
  readonly features: Features
  readonly sync: SyncRunner | undefined
  readonly #prefixing: Prefixing

  constructor(inner: Backend, prefix: Bytes) {
    const prefixing = new Prefixing(prefix)
    super(inner, prefixing)
    this.inner = inner
    this.prefix = prefix
    this.features = { ...inner.features, name: `${inner.features.name} under ${JSON.stringify(text(prefix))}` }
    this.#prefixing = prefixing
    this.sync = inner.sync === undefined ? undefined : this.#syncOver(inner.sync)
  }

  override call(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    return command?.name === 'RANDOMKEY' ? this.#randomKey(command, argv) : super.call(command, argv)
  }

  async session(): Promise<Session> {
    return new PrefixedSession(await this.inner.session(), this.#prefixing)
  }

  async nodes(): Promise<readonly Runner[]> {
    const nodes = await this.inner.nodes?.()
    return nodes === undefined ? [this] : nodes.map((node) => new PrefixedRunner(node, this.#prefixing))
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  /** Any of the keys under the prefix, each equally likely. */
  async #randomKey(command: Command, argv: Argv): Promise<Reply> {
    let key = await this.inner.call(command, argv)
    for (let i = 0; i < TRIES; i++) {
      if (typeof key !== 'string' || key.startsWith(this.prefix)) return this.#prefixing.up(command, key)
      key = await this.inner.call(command, argv)
    }
    return this.#anyOf(command, await this.inner.call(keys, this.#listing()))
  }

  #syncOver(inner: SyncRunner): SyncRunner {
    const prefixing = this.#prefixing
    return {
      call: (command, argv) => {
        const reply = inner.call(command, prefixing.down(command, argv))
        if (command?.name !== 'RANDOMKEY') return prefixing.up(command, reply)
        return this.#anyOf(command, inner.call(keys, this.#listing()))
      },
      batch: (lines, options) => prefixing.replies(lines, inner.batch(prefixing.lines(lines), options)),
    }
  }

  #listing(): Argv {
    return [raw('KEYS'), patternIn(this.prefix, raw('*'))]
  }

  #anyOf(command: Command, found: Reply): Reply {
    if (!isArray(found)) return found
    const key = found[systemRandom.below(found.length)] ?? null
    return this.#prefixing.up(command, key)
  }
}
