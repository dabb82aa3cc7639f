/**
 * Selector: commands, keys and channels that are allowed together. A user has one of its own and may have more.
 */
import type { Argv } from '../../base/bytes.ts'
import type { Command } from '../../commands/command.ts'
import type { Catalogue } from './catalogue.ts'
import { CommandRules } from './command-rules.ts'
import { describeCommands } from './command-text.ts'
import { ChannelPatterns, KeyPatterns } from './patterns.ts'
import { channelsReached, keysReached } from './reach.ts'

/** What a line was refused for. */
export type DenialReason = 'command' | 'key' | 'channel'

/** A refusal: its reason, and the place of the word that it is about. */
export interface Denial {
  readonly reason: DenialReason
  readonly at: number
}

const NO_COMMAND: Denial = { reason: 'command', at: 0 }

export class Selector {
  readonly commands: CommandRules
  readonly keys: KeyPatterns
  readonly channels: ChannelPatterns

  constructor(commands: CommandRules, keys: KeyPatterns, channels: ChannelPatterns) {
    this.commands = commands
    this.keys = keys
    this.channels = channels
  }

  /** A selector that allows nothing, but for channels where `acl-pubsub-default` says so. */
  static fresh(catalogue: Catalogue, allChannels: boolean): Selector {
    return new Selector(new CommandRules(catalogue.size), new KeyPatterns(), new ChannelPatterns(allChannels))
  }

  copy(): Selector {
    return new Selector(this.commands.copy(), this.keys.copy(), this.channels.copy())
  }

  /** Whether nothing that a client can send is refused. */
  get unrestricted(): boolean {
    return this.commands.every && this.keys.all && this.channels.all
  }

  /** Why a line may not run; undefined when it may. */
  denial(command: Command, argv: Argv): Denial | undefined {
    if (!command.flags.has('no_auth') && !this.commands.allows(command, argv)) return NO_COMMAND
    return this.#keyDenial(command, argv) ?? this.#channelDenial(command, argv)
  }

  /** As rules: `~a* resetchannels &b -@all +get`. */
  words(catalogue: Catalogue): string {
    const channels = this.channels.all ? ['&*'] : ['resetchannels', ...this.channels.words()]
    return [...this.keys.words(), ...channels, describeCommands(this.commands, catalogue)].join(' ')
  }

  #keyDenial(command: Command, argv: Argv): Denial | undefined {
    if (this.keys.all) return undefined
    const refused = keysReached(command, argv).find(({ at, rights }) => !this.keys.allows(argv[at]!, rights))
    return refused === undefined ? undefined : { reason: 'key', at: refused.at }
  }

  #channelDenial(command: Command, argv: Argv): Denial | undefined {
    if (this.channels.all) return undefined
    const reach = channelsReached(command)
    if (reach === undefined) return undefined
    const last = reach.last < 0 ? argv.length - 1 : reach.last
    for (let at = 1; at <= last; at++) {
      if (!this.channels.allows(argv[at]!, reach.patterns)) return { reason: 'channel', at }
    }
    return undefined
  }
}
