#!/usr/bin/env node
/**
 * The program `geartrain`: one subcommand per file.
 *
 * The one idea: a subcommand does its work and throws what it cannot do; only here is an error turned into words on
 * stderr and an exit status.
 */
import { Command } from 'commander'
import { BackendError } from '../backend/backend.ts'
import { DurabilityError } from '../durability/durable.ts'
import { LibraryError } from '../functions/install.ts'
import { ServerError } from '../server/errors.ts'
import { PartsError } from './check/store-folder.ts'
import { checkCommand } from './check.ts'
import { cliCommand } from './cli.ts'
import { compatCommand } from './compat.ts'
import { exportCommand } from './export.ts'
import { DeployError } from './functions/bundle.ts'
import { functionsCommand } from './functions.ts'
import { importCommand } from './import.ts'
import { RemoteError } from './remote.ts'
import { ScriptsError, scriptsCommand } from './scripts.ts'
import { serveCommand } from './serve.ts'
import { streamsCommand } from './streams.ts'
import { style } from './style.ts'
import { TransferError } from './transfer/error.ts'
import { packageVersion, versionCommand } from './version.ts'

const program = new Command('geartrain')
  .description('A Redis-compatible data store that runs JavaScript libraries beside the data.')
  .version(packageVersion(), '-v, --version', 'print the version')
  .enablePositionalOptions()
  .showHelpAfterError('(geartrain --help shows what there is)')
  .addCommand(serveCommand())
  .addCommand(cliCommand())
  .addCommand(compatCommand())
  .addCommand(checkCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(scriptsCommand())
  .addCommand(functionsCommand())
  .addCommand(streamsCommand())
  .addCommand(versionCommand())

program.parseAsync().catch((error: unknown) => {
  const { red } = style(process.stderr)
  const expected = [
    ServerError,
    LibraryError,
    RemoteError,
    ScriptsError,
    DeployError,
    PartsError,
    TransferError,
    BackendError,
    DurabilityError,
  ]
  const isExpected = expected.some((kind) => error instanceof kind)
  process.stderr.write(
    `${red('geartrain:')} ${error instanceof Error ? (isExpected ? error.message : error.stack) : error}\n`,
  )
  process.exitCode = 1
})
