import { describe, expect, test } from 'vitest'
import { syncConnectionSchema } from '../../../src/config/sync-connection-schema.ts'
import { openSource } from '../../../sync/connectors/open-connector.ts'
import { optionalDriver } from '../../../sync/connectors/sql/optional-driver.ts'
import { oracleFailure } from '../../../sync/connectors/sql/oracle-failure.ts'
import { sqlServerFailure } from '../../../sync/connectors/sql/sql-server-failure.ts'
import { readAll } from './describe-source.ts'

// There is no Oracle and no SQL Server to test with: what follows is what can be seen without.

describe.each(['oracle', 'sqlserver'])('a database of kind %s', (kind) => {
  test('that does not answer is not read as empty', async () => {
    const connection = syncConnectionSchema.parse({
      kind,
      name: 'hr',
      url: `${kind}://hr:secret@127.0.0.1:1/hr`,
    })
    const source = await openSource(connection, { table: 'people', key: 'uid' }, () => new Date())
    const failure = await readAll(source).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'IncompleteSource', reason: 'unreachable' })
    expect(String(failure)).not.toContain('secret')
  })
})

test('a driver that is not installed says what to install', async () => {
  const name: string = 'no-such-driver'
  await expect(optionalDriver(name, () => import(name))).rejects.toMatchObject({
    reason: 'refused',
    message: 'needs the npm package no-such-driver: npm install no-such-driver',
  })
})

test('errors tell what they are about, and no value', () => {
  const oracle = (text: string) => oracleFailure(new Error(text))
  expect(
    oracle(
      'ORA-00001: unique constraint (HR.PK) violated on table HR.P columns (UID)\nORA-03301: row with (UID:SECRET)',
    ),
  ).toMatchObject({ apply: 'exists', code: 'ORA-00001', detail: 'constraint (HR.PK)' })
  expect(oracle('ORA-12899: value too large for column "HR"."P"."SN" (actual: 9)').detail).toBe(
    '"HR"."P"."SN"',
  )
  expect(oracle('ORA-01722: unable to convert string value containing S')).toMatchObject({
    apply: 'refused',
    detail: 'ORA-01722',
  })
  const server = (number: number, text: string) =>
    sqlServerFailure(Object.assign(new Error(text), { number }))
  expect(
    server(
      2627,
      "Violation of PRIMARY KEY constraint 'PK'. Cannot insert duplicate key in object 'dbo.p'. The duplicate key value is (SECRET).",
    ),
  ).toMatchObject({ apply: 'exists', detail: "constraint 'PK', object 'dbo.p'" })
  expect(
    server(245, "Conversion failed when converting the nvarchar value 'SECRET' to data type int."),
  ).toMatchObject({
    apply: 'refused',
    detail: '245',
  })
})
