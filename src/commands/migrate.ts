import { parseArgs } from 'node:util'
import { installJobs } from '../jobs/install-jobs.ts'
import { migrate as migrateDatabase } from '../store/migrate.ts'
import { commandConfigOrDemo } from './command-config.ts'

/** Brings the database to this version's schema. */
export async function migrate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { config: { type: 'string' } } })
  const { database } = await commandConfigOrDemo(values.config)
  const names = await migrateDatabase(database)
  await installJobs(database)
  const done = names.map((name) => `ran ${name}\n`).join('')
  process.stdout.write(done === '' ? 'the database is at this version already\n' : done)
  return 0
}
