/**
 * StreamTrigger: a stream trigger of a library. It outlives the text that registered it, as key space triggers do.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Guest, GuestCallback } from '../../guest/host.ts'
import type { StreamTriggerRegistration } from '../../guest/registrations.ts'
import { strictText } from '../../guest/utf8.ts'
import type { Library } from '../library.ts'
import type { ReadStreams } from './progress-book.ts'

type Registration = StreamTriggerRegistration<GuestCallback>

export class StreamTrigger {
  readonly name: string
  readonly library: string
  registration: Registration
  guest: Guest
  /** Whose rights it has: who loaded the library. */
  owner: Bytes
  /** How far it has come, stream by stream. */
  readonly streams: ReadStreams
  /** Its library was deleted, or replaced by one without it. */
  isGone = false

  constructor(library: Library, registration: Registration, streams: ReadStreams) {
    this.name = registration.name
    this.library = library.name
    this.registration = registration
    this.guest = library.guest
    this.owner = library.user
    this.streams = streams
  }

  /** Takes over what a library has registered under this name. */
  become({ guest, user }: Library, registration: Registration): void {
    this.registration = registration
    this.guest = guest
    this.owner = user
  }

  /** Why it cannot take a registration over: its progress is that of other streams. */
  refusal({ name, prefix }: Registration): string | undefined {
    const old = this.registration.prefix
    if (prefix === old) return undefined
    return `Can not upgrade an existing consumer with different prefix, consumer: '${name}', old_prefix: ${printed(old)}, new_prefix: ${printed(prefix)}`
  }

  wants(key: Bytes): boolean {
    return key.startsWith(this.registration.prefix)
  }
}

const printed = (prefix: Bytes): string => strictText(prefix) ?? '[binary data]'
