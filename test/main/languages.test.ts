import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/ldap/connection.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'
import { copiesBase, copiesTask, installationOf } from '../sync/installation.ts'
import { type Ended, idaas } from './program.ts'

let slapd: Slapd
let database: TestDatabase
let folder: string

beforeAll(async () => {
  ;[slapd, database] = await Promise.all([startSlapd({ seed: { people: 3 } }), testDatabase()])
  folder = await mkdtemp(join(tmpdir(), 'languages-'))
  const root = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  await root.add(copiesBase(slapd), { objectClass: ['organizationalUnit'], ou: ['copies'] })
  root.unbind()
  const copy = copiesTask(slapd)
  const keyless = { ...copy, name: 'keyless', pivots: ['description'] }
  const empty = { ...copy, name: 'empty', source: { ...copy.source, filter: '(uid=nobody)' } }
  const text = installationOf(database.url, slapd, { connections: [], tasks: [copy, keyless, empty] })
  await writeFile(join(folder, 'idaas.yaml'), text)
})
afterAll(async () => {
  await slapd.stop()
  await Promise.all([database.drop(), rm(folder, { recursive: true })])
})

/** What a command says on a French machine: both streams, with spaces that break. */
async function french(...args: string[]): Promise<string> {
  const { stdout, stderr } = await idaas(args, { IDAAS_CONFIG: folder, LANG: 'fr_FR.UTF-8' })
  return (stdout + stderr).replaceAll(/[\u00A0\u202F]/g, ' ')
}

test('a French operator brings the database to this version, and reads what tasks would do and have done', async () => {
  expect(await french('sync', 'list')).toBe(
    'La base est plus ancienne que ce programme : lancez idaas migrate, puis réessayez.\n',
  )
  expect(await french('migrate')).toMatch(/^0001_\S+ : faite\n/)
  expect(await french('migrate')).toBe('la base est déjà à cette version\n')
  expect(await french('sync', 'history')).toBe('Rien n’a encore été exécuté.\n')
  await french('sync', 'run', 'copies', '--only', 'uid=alice')
  const planned = await french('sync', 'plan', 'copies')
  expect(planned).toMatch(
    /^copies : aperçu \(exécution \S+\)\n {2}3 de la source, 1 de la destination\n {2}2 créations\n\+ créer uid=ada,/,
  )
  expect(await french('sync', 'plan', 'keyless')).toMatch(
    /mis de côté ou signalé : 3 sans clé ;.*\n! Sans clé {2}uid=ada,\S+ {2}Aucun pivot n’y a de valeur/,
  )
  expect(await french('sync', 'plan', 'empty')).toContain('retenue : La source n’a aucune entrée.')
  expect(await french('sync', 'history', 'copies')).toMatch(
    /copies : terminée \(exécution \S+, \S+ \S+ UTC, ligne de commande \(\S+\)\)\n {2}1 de la source, 0 de la destination\n {2}1 sur 1 création\n$/,
  )
})

test('a French operator sees how the installation stands', async () => {
  expect(await french('sync', 'freeze', 'déménagement')).toContain('Aucune exécution de acme n’écrit')
  expect(await french('sync', 'list')).toMatch(
    /^GELÉ par ligne de commande \(\S+\) depuis le \S+Z : déménagement\ncopies {2}sans calendrier {2}terminée .*\nkeyless {2}sans calendrier {2}jamais exécutée\n/,
  )
  await french('sync', 'thaw')
  expect(await french('maintenance', 'status')).toBe('acme : aucune maintenance\n')
  expect(await french('check', '--static')).toBe('aucun défaut dans la configuration du tenant acme\n')
  expect(await french('verify')).toMatch(/\ntout est là\n$/)
})

test.each([
  [['migrat'], '« migrat » n’est pas une commande : vouliez-vous dire « migrate » ?\n'],
  [['sync', 'hystory'], '« sync hystory » n’est pas une commande : vouliez-vous dire « history » ?\n'],
  [['check', '--confg', 'x'], 'Il n’y a pas d’option --confg\nidaas check --help dit ce qu’il y a\n'],
  [
    ['sync', 'list', '--tenant'],
    '--tenant : sa valeur manque, ou cette option n’en prend pas\nidaas sync --help dit ce qu’il y a\n',
  ],
  [
    ['migrate', 'all'],
    '« all » n’est pas attendu : cette commande ne prend que des options\nidaas migrate --help dit ce qu’il y a\n',
  ],
  [['maintenance'], 'idaas maintenance on, off ou status ?\n'],
  [
    ['maintenance', 'on', '--until', '22:00'],
    '--until 22:00 : écrivez 90m, 2h ou une heure avec son fuseau, 2026-11-25T22:00:00+01:00\n',
  ],
  [['sync', 'list', '--tenant', 'amce'], 'Aucun tenant ne s’appelle amce : il y a acme.\n'],
  [['sync', 'plan', 'copie'], 'Aucune tâche ne s’appelle « copie » : vouliez-vous dire « copies » ?\n'],
  [['sync', 'show', '1234'], 'Il n’y a pas d’exécution 1234\n'],
])('wrong use is told in French: idaas %j', async (args, said) => {
  expect(await french(...args)).toBe(said)
})

test('help is in French, and LC_ALL goes before LANG', async () => {
  expect(await french('--help')).toMatch(
    /^idaas COMMANDE [^]*\n {2}idaas migrate \[--config CHEMIN\]\n {6}amener la base/,
  )
  expect(await french('sync', 'help')).toMatch(/\n {2}idaas sync plan TÂCHE [^]*\nCodes de sortie : 0 fait/)
  const { stdout } = await idaas(['sync', 'plan', '--help'], { LC_ALL: 'C', LANG: 'fr_FR.UTF-8' })
  expect(stdout).toMatch(/^idaas sync plan TASK /)
})

test.each([
  [['check']],
  [['upgrade-check']],
  [['verify']],
  [['maintenance', 'status']],
  [['sync', 'list']],
  [['sync', 'check', '--all']],
  [['sync', 'history']],
])('what a program reads is the same in both languages, byte for byte: idaas %j', async (command) => {
  const [english, inFrench] = await inBoth(command)
  expect(english.stdout).toMatch(/^\{/)
  expect(inFrench).toEqual(english)
})

test('so is a run with its operations and findings', async () => {
  const { stdout } = await idaas(['sync', 'history', 'keyless', '--json'], { IDAAS_CONFIG: folder })
  const [english, inFrench] = await inBoth(['sync', 'show', JSON.parse(stdout).id])
  expect(english.stdout).toContain('"kind":"no-pivot"')
  expect(inFrench).toEqual(english)
})

async function inBoth(command: readonly string[]): Promise<[Ended, Ended]> {
  const inLanguage = (LANG: string) => idaas([...command, '--json'], { IDAAS_CONFIG: folder, LANG })
  return await Promise.all([inLanguage('en_GB.UTF-8'), inLanguage('fr_FR.UTF-8')])
}
