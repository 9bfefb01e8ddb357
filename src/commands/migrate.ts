import { parseArgs } from 'node:util'
import { installJobs } from '../jobs/install-jobs.ts'
import { commandText } from '../messages/command-text.ts'
import { migrate as migrateDatabase } from '../store/migrate.ts'
import { commandConfigOrDemo } from './command-config.ts'

/** Brings the database to this version's schema. */
export async function migrate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { config: { type: 'string' } } })
  const { database } = await commandConfigOrDemo(values.config)
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const names = await migrateDatabase(database, { log: say })
  await installJobs(database)
  if (names.length === 0) say(commandText('command.migrate.current'))
  return 0
}
