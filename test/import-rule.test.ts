import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { tableSchema } from './support/import-table.ts'

const run = promisify(execFile)
const checkout = join(import.meta.dirname, '..')

const configSchema = z.object({
  rules: z.looseObject({ 'idaas/imports': z.tuple([z.literal('error'), tableSchema]) }),
  overrides: z.array(z.unknown()),
})
const config = configSchema.parse(JSON.parse(await readFile(join(checkout, '.oxlintrc.json'), 'utf8')))
const [, table] = config.rules['idaas/imports']

/** One fault for each row of the table: the file, and what must not be in it. */
const areaFaults: Record<string, [file: string, code: string]> = {
  'src/problems/': ['src/problems/a.ts', `import '../messages/x.ts'`],
  'src/messages/': ['src/messages/a.ts', `import '../config/x.ts'`],
  'src/ldap/': ['src/ldap/a.ts', `import '../problems/x.ts'`],
  'src/config/': ['src/config/a.ts', `import '../store/x.ts'`],
  'src/store/': ['src/store/a.ts', `import '../audit/x.ts'`],
  'src/directory/': ['src/directory/openldap/a.ts', `import type { X } from '../../accounts/x.ts'`],
  'src/tenants/': ['src/tenants/a.ts', `import '../access/x.ts'`],
  'src/audit/': ['src/audit/a.ts', `import '../directory/x.ts'`],
  'src/jobs/': ['src/jobs/a.ts', `import '../mail/x.ts'`],
  'src/mail/': ['src/mail/a.ts', `import '../jobs/x.ts'`],
  'src/access/': ['src/access/a.ts', `import '../accounts/x.ts'`],
  'src/accounts/': ['src/accounts/a.ts', `import '../../plugins/web/x.ts'`],
  'src/demo/': ['src/demo/a.ts', `import '../app.ts'`],
  'src/commands/': ['src/commands/a.ts', `import '../../sync/x.ts'`],
  'src/app.ts': ['src/app.ts', `import './main.ts'`],
  'src/main.ts': ['src/main.ts', `import '../test/x.ts'`],
  'plugins/web/': ['plugins/web/a.ts', `import '../session.ts'`],
  'plugins/*.ts': ['plugins/session.ts', `import './oidc/x.ts'`],
  'plugins/*/': ['plugins/portal/a.ts', `import '../oidc/x.ts'`],
  'sync/': ['sync/a.ts', `import '../plugins/web/x.ts'`],
  'deploy/': ['deploy/a.ts', `import '../src/ldap/x.ts'`],
}
const doorFaults: Record<string, [file: string, code: string]> = {
  pg: ['src/accounts/pg.ts', `import type { Pool } from 'pg'`],
  'node-pg-migrate': ['src/main.ts', `import 'node-pg-migrate'`],
  ioredis: ['src/store/postgres.ts', `import { Redis } from 'ioredis'`],
  'pg-boss': ['src/mail/boss.ts', `import 'pg-boss'`],
  nodemailer: ['src/accounts/mailer.ts', `import 'nodemailer/lib/mailer'`],
  'oidc-provider': ['plugins/portal/oidc.ts', `import 'oidc-provider'`],
  'pg-cursor': ['src/store/cursor.ts', `import Cursor from 'pg-cursor'`],
  mysql2: ['sync/run/mysql.ts', `import 'mysql2/promise'`],
  oracledb: ['sync/run/oracle.ts', `import 'oracledb'`],
  tedious: ['sync/run/tedious.ts', `import 'tedious'`],
  saxes: ['sync/run/xml.ts', `import 'saxes'`],
  'quickjs-emscripten-core': ['src/config/sandbox.ts', `import 'quickjs-emscripten-core'`],
  '@jitl/*': ['src/config/jitl.ts', `import '@jitl/quickjs-wasmfile-release-sync'`],
  fastify: ['src/audit/fastify.ts', `import type { FastifyInstance } from 'fastify'`],
  'fastify-*': ['src/access/plugin.ts', `import 'fastify-plugin'`],
  '@fastify/*': ['sync/cookie.ts', `import '@fastify/cookie'`],
}

const moreFaults: readonly [file: string, code: string][] = [
  ['src/demo/b.ts', `import '../commands/x.ts'`],
  ['plugins/portal/b.ts', `import '../../src/commands/x.ts'`],
  ['plugins/oidc/pages/a.ts', `import '../../portal/x.ts'`],
  ['plugins/portal/c.ts', `import '../../sync/x.ts'`],
  ['plugins/portal/d.ts', `import '../../src/app.ts'`],
  ['sync/b.ts', `import '../src/main.ts'`],
  ['src/accounts/b.ts', `import '../app.ts'`],
]

test('each row of the table refuses a fault', async () => {
  expect(Object.keys(areaFaults)).toEqual(Object.keys(table.areas))
  expect(Object.keys(doorFaults)).toEqual(Object.keys(table.doors))

  const faults = [...Object.values(areaFaults), ...Object.values(doorFaults), ...moreFaults]
  const refused = await lint(faults)
  for (const [file, code] of faults) expect.soft(refused[file], code).toContain('idaas(imports)')
})

test.for([
  [`export * from '../accounts/x.ts'`],
  [`export { x } from '../accounts/x.ts'`],
  [`export const x = () => import('../accounts/x.ts')`],
  [`export const load = (path: string) => import(path)`],
  [`export type X = import('../accounts/x.ts').X`],
  [
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); require('pg')`,
  ],
  [`import '../../../outside.ts'`],
  [`import '/absolute/x.ts'`],
  [`import '../loose.ts'`],
])('no other way of importing gets past: %s', async ([code = '']) => {
  const refused = await lint([['src/directory/a.ts', code]])
  expect(refused['src/directory/a.ts']).toContain('idaas(imports)')
})

test('what the design allows passes', async () => {
  const legal: [string, string][] = [
    ['src/ldap/pool.ts', `import './ber/reader.ts'; import 'node:net'`],
    ['src/directory/openldap/a.ts', `import '../../ldap/dn.ts'; import '../../config/x.ts'`],
    ['src/accounts/reset-password.ts', `import '../access/x.ts'; import '../audit/x.ts'; import 'zod'`],
    ['src/store/redis.ts', `import { Redis } from 'ioredis'; import '../problems/problem.ts'`],
    [
      'src/app.ts',
      `import 'fastify'; import '../plugins/portal/pages.ts'; import '../plugins/session.ts'; import './ldap/x.ts'`,
    ],
    ['src/main.ts', `import './app.ts'; import '../sync/task.ts'`],
    ['plugins/session.ts', `import './errors.ts'; import './web/page.ts'; import '../src/accounts/x.ts'`],
    [
      'plugins/oidc/provider.ts',
      `import 'oidc-provider'; import './claims.ts'; import '../session.ts'; import '../web/page.ts'`,
    ],
    ['sync/connectors/sql.ts', `import 'pg'; import '../diff.ts'; import '../../src/store/x.ts'`],
    ['test/ldap/a.test.ts', `import 'pg'; import '../../plugins/oidc/x.ts'; import '../../src/ldap/x.ts'`],
  ]
  expect(await lint(legal)).toEqual({})
})

const reportSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string(), message: z.string() })),
})

/** Lints files in an empty copy of the checkout with the import rule alone; returns the message for each refused file. */
async function lint(files: readonly [file: string, code: string][]): Promise<Record<string, string>> {
  const copy = await mkdtemp(join(tmpdir(), 'imports-'))
  onTestFinished(() => rm(copy, { recursive: true }))
  for (const file of ['package.json', 'test/support/import-rule.ts', 'test/support/import-table.ts']) {
    await cp(join(checkout, file), join(copy, file))
  }
  await symlink(join(checkout, 'node_modules'), join(copy, 'node_modules'))
  const onlyRule = { jsPlugins: ['./test/support/import-rule.ts'], categories: { correctness: 'off' } }
  const rules = { 'idaas/imports': config.rules['idaas/imports'] }
  await writeFile(
    join(copy, '.oxlintrc.json'),
    JSON.stringify({ ...onlyRule, rules, overrides: config.overrides }),
  )
  for (const [file, code] of files) {
    await mkdir(dirname(join(copy, file)), { recursive: true })
    await writeFile(join(copy, file), code)
  }
  const oxlint = join(checkout, 'node_modules/.bin/oxlint')
  const { stdout } = await run(
    process.execPath,
    [oxlint, '--format', 'json', 'src', 'plugins', 'sync', 'test', 'deploy'],
    {
      cwd: copy,
    },
  ).catch((error: unknown) => z.object({ stdout: z.string() }).parse(error))
  const { diagnostics } = reportSchema.parse(JSON.parse(stdout))
  return Object.fromEntries(
    diagnostics.map(({ filename, code, message }) => [filename, `${code}: ${message}`]),
  )
}
