/** `geartrain export <address>`: keys out of a server, into a file or another server. */
import { Command } from 'commander'
import { declareTransfer, runTransfer, type TransferOptions } from './transfer/run.ts'

const EXAMPLES = `
Examples:
  geartrain export redis://127.0.0.1:7000 --to dump.rdb      redis-server loads it
  geartrain export redis://127.0.0.1:7000/3 --to keys.jsonl  a line for each key
  geartrain export redis://127.0.0.1:7000 --to redis://elsewhere:6379`

export function exportCommand(): Command {
  return declareTransfer(
    new Command('export')
      .description('copy keys from a server to an RDB file, lines of JSON, or another server')
      .argument('<from>', 'redis://host:port[/db]; or what import takes')
      .requiredOption('--to <where>', 'a file that ends in .rdb or .jsonl, or the address of a server')
      .addHelpText('after', EXAMPLES),
  ).action((from: string, options: TransferOptions) => runTransfer(from, options))
}
