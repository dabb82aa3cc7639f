/** How a client wants to hear of keys that change: what CLIENT TRACKING has set. */
import type { Bytes } from '../../base/bytes.ts'

/** What CLIENT TRACKING ON asks for. */
export interface TrackingOptions {
  /** The client that is told in this one's place; 0 is itself. */
  readonly redirect: number
  /** All keys with certain prefixes, read or not. */
  readonly bcast: boolean
  readonly prefixes: readonly Bytes[]
  /** Only keys read after CLIENT CACHING YES. */
  readonly optin: boolean
  /** All keys that are read but those after CLIENT CACHING NO. */
  readonly optout: boolean
  /** Not what the client changes itself. */
  readonly noloop: boolean
}

/** The state of a client that tracks. */
export interface TrackingState extends TrackingOptions {
  /** CLIENT CACHING was given for the next command. */
  caching: boolean
  /** Whom it redirects to is gone, and it would have been told something since. */
  isBroken: boolean
}

/** Client-side caching, as commands see it. */
export interface TrackingPort<Client> {
  enable(client: Client, options: TrackingOptions): void
  disable(client: Client): void
}
