import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programOf, runtime } from '../support/runtime.ts'
import { copyFolder } from '../support/template.ts'

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

/** This version as the image has it, with one more migration, as a release after it has. Gives its program. */
export async function makeNextVersion(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'next-version-'))
  await copyFolder(await runtime(), folder)
  await writeFile(join(folder, 'migrations/9999_next_version.sql'), expanding)
  return programOf(folder)
}
