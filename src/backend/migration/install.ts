/** Gives an engine a way to other servers. */
import type { Engine } from '../../engine/engine.ts'
import { Migration } from './migration.ts'

/** MIGRATE works from here on. */
export function installMigration(engine: Engine): void {
  engine.services.migration = new Migration(engine)
}
