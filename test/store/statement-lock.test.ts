import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { migrationFile, ownMigrations } from '../../src/store/migrations.ts'
import { sqlStatements } from '../../src/store/sql-statements.ts'
import { statementLock } from '../../src/store/statement-lock.ts'

test('statements are told apart by the semicolons that end them', () => {
  const text = `-- Up Migration; no statement
    create table a (b text default 'x;y');  /* c; d */
    create function f() returns int as $$ select 1; $$ language sql;
    comment on column a.b is 'it''s; fine'`
  expect(sqlStatements(text)).toEqual([
    `create table a (b text default 'x;y')`,
    'create function f() returns int as $$ select 1; $$ language sql',
    `comment on column a.b is 'it''s; fine'`,
  ])
})

test.each([
  ['create table if not exists t (a int)', 't', 'nothing', 'instant', false],
  ['create index i on t (a)', 't', 'writing', 'whole', false],
  ['create unique index concurrently i on t (a)', 't', 'nothing', 'whole', false],
  ['alter table t add column a text', 't', 'everything', 'instant', false],
  [`alter table t add column a text not null default 'x'`, 't', 'everything', 'instant', false],
  ['alter table t add column a uuid default gen_random_uuid()', 't', 'everything', 'whole', false],
  ['alter table t add check (a > 0)', 't', 'everything', 'whole', false],
  ['alter table t add constraint c check (a > 0) not valid', 't', 'everything', 'instant', false],
  ['alter table t validate constraint c', 't', 'nothing', 'whole', false],
  ['alter table only t alter column a set not null', 't', 'everything', 'whole', false],
  ['ALTER TABLE t ALTER COLUMN a TYPE bigint', 't', 'everything', 'whole', true],
  ['alter table t drop column a', 't', 'everything', 'instant', true],
  ['alter table t alter a drop not null', 't', 'everything', 'instant', false],
  ['alter table t rename a to b', 't', 'everything', 'instant', true],
  ['drop table t', 't', 'everything', 'instant', true],
  ['update t set a = 1', 't', 'rows', 'whole', false],
  ['vacuum full t', null, 'unknown', 'whole', false],
])('%s', (statement, table, blocks, work, takesAway) => {
  expect(statementLock(statement)).toEqual({ table, blocks, work, takesAway })
})

test('no migration takes anything from the version before, and each can be judged', async () => {
  for (const name of await ownMigrations()) {
    for (const statement of sqlStatements(await readFile(migrationFile(name), 'utf8'))) {
      const { takesAway, blocks } = statementLock(statement)
      expect([name, statement, takesAway, blocks === 'unknown']).toEqual([name, statement, false, false])
    }
  }
})
