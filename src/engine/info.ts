/**
 * INFO: the engine's state as text, section by section.
 */
import type { Bytes } from '../base/bytes.ts'
import type { InfoPort } from '../commands/context.ts'
import type { Engine } from './engine.ts'

export class Info implements InfoPort {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  text(sections: readonly string[]): Bytes {
    const wanted = (name: string): boolean => sections.length === 0 || sections.includes(name)
    const parts: string[] = []
    if (wanted('keyspace')) parts.push(this.#keyspace())
    return parts.join('\r\n') as Bytes
  }

  #keyspace(): string {
    const lines = this.#engine.keyspace.databases
      .filter((db) => db.size > 0)
      .map((db) => `db${db.index}:keys=${db.size},expires=${db.expiring},avg_ttl=0\r\n`)
    return `# Keyspace\r\n${lines.join('')}`
  }
}
