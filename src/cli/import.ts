/** `geartrain import <file|folder|address>`: keys out of files or another server, into a server. */
import { Command } from 'commander'
import { declareTransfer, runTransfer, type TransferOptions } from './transfer/run.ts'

const EXAMPLES = `
Examples:
  geartrain import dump.rdb                          into redis://127.0.0.1:6379
  geartrain import /var/lib/redis/appendonlydir --to redis://127.0.0.1:7000
  geartrain import dump.rdb --to file:./data         for open('file:./data')
  geartrain import redis://old:6379 --to redis://new:6379 --verify`

export function importCommand(): Command {
  return declareTransfer(
    new Command('import')
      .description('copy keys from an RDB file, a log, or another server, with types and deadlines')
      .argument('<from>', "a .rdb or .aof file, a store's folder, or redis://host:port[/db]")
      .option('--to <url>', 'the server that takes them, or a folder (file:./data)', 'redis://127.0.0.1:6379')
      .addHelpText('after', EXAMPLES),
  ).action((from: string, options: TransferOptions) => runTransfer(from, options))
}
