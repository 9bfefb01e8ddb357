import { cp, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const checkout = join(import.meta.dirname, '../..')

/** What the next version may do to a table: a column in each of them, also in those that this version reads with `*`, and a table of its own. */
const expanding = `-- Up Migration
do $$
declare one record;
begin
  for one in select tablename from pg_tables where schemaname = current_schema() and tablename <> 'migrations' loop
    execute format('alter table %I add column of_the_next_version text not null default %L', one.tablename, 'x');
  end loop;
end $$;
create table next_version (tenant text primary key);
`

/** A copy of this version that has one more migration, as a release after it has. Gives its `main.ts`. */
export async function makeNextVersion(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'next-version-'))
  for (const part of ['src', 'plugins', 'sync', 'migrations', 'package.json'])
    await cp(join(checkout, part), join(folder, part), { recursive: true })
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'migrations/9999_next_version.sql'), expanding)
  return join(folder, 'src/main.ts')
}
