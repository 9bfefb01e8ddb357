import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import packageFile from '../../package.json' with { type: 'json' }
import { runTask } from './tekton/run-task.ts'
import { helm3 } from './tools.ts'

const { version } = packageFile
const checkout = join(import.meta.dirname, '../..')
const digest = `sha256:${'d'.repeat(64)}`

let origin: string
let workspaces: { source: string; 'registry-auth': string }

// A repository with what the scripts look at, tagged as a release is.
beforeAll(() => {
  const work = mkdtempSync(join(tmpdir(), 'idaas-release-'))
  origin = join(work, 'origin')
  for (const path of ['package.json', 'charts/idaas', 'deploy/image']) {
    mkdirSync(dirname(join(origin, path)), { recursive: true })
    cpSync(join(checkout, path), join(origin, path), { recursive: true })
  }
  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=acme', '-c', 'user.email=acme@example.org']
    execFileSync('git', [...who, '-C', origin, ...args], { stdio: 'pipe' })
  }
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'Release', '--date', '2026-01-01T00:00:00Z')
  git('tag', `v${version}`)
  workspaces = { source: join(work, 'source'), 'registry-auth': join(work, 'auth') }
  for (const folder of Object.values(workspaces)) mkdirSync(folder)
})

function clone(params: object): Record<string, string> {
  const wanted = { url: `file://${origin}`, revision: `v${version}`, version, ...params }
  return runTask('idaas-clone', { workspaces, params: wanted })
}

test('a tag is cloned, with its commit and the time of that', () => {
  const { commit, epoch } = clone({})
  expect(commit).toMatch(/^[0-9a-f]{40}$/)
  expect(epoch).toMatch(/^\d{10}$/)
})

test('a tag that is another version than its files is not released', () => {
  expect(() => clone({ version: `${version}1` })).toThrow('Command failed')
  expect(() => clone({ version: version.replaceAll('.', 'x') })).toThrow('Command failed')
})

test('a parameter is a text and never a command', () => {
  const trace = join(workspaces.source, 'trace')
  expect(() => clone({ revision: `v$(touch ${trace})` })).toThrow('Command failed')
  expect(existsSync(trace)).toBe(false)
})

test('the chart is linted, packed and pushed, and its digest told', async () => {
  clone({})
  const helm = `[ "$1" = push ] || exec ${await helm3()} "$@"\ntest -s "$2"\necho "Pushed: $3" >&2\necho "Digest: ${digest}" >&2`
  const params = { version, charts: 'harbor.example.org:8443/idaas/charts' }
  expect(runTask('idaas-publish-chart', { workspaces, params, programs: { helm } })).toEqual({ digest })
})

test('a candidate is copied by its digest', () => {
  const calls = join(workspaces.source, 'skopeo')
  const skopeo = `echo "$@" >> ${calls}; [ "$1" = copy ]`
  const [candidate, image] = [
    `harbor.example.org/candidates/idaas@${digest}`,
    'harbor.example.org/idaas/idaas',
  ]
  runTask('idaas-promote', { workspaces, params: { candidate, image, version }, programs: { skopeo } })
  expect(readFileSync(calls, 'utf8')).toContain(
    `copy --all --preserve-digests docker://${candidate} docker://${image}:${version}\n`,
  )
})

test('a tag that was released is never given to another image', () => {
  const skopeo = `[ "$1" = inspect ] && echo sha256:other`
  const params = {
    candidate: `harbor.example.org/candidates/idaas@${digest}`,
    image: 'harbor.example.org/idaas/idaas',
    version,
  }
  expect(() => runTask('idaas-promote', { workspaces, params, programs: { skopeo } })).toThrow(
    `is released already, as sha256:other`,
  )
})

test('the digests of a release are written down', () => {
  clone({})
  writeFileSync(join(workspaces.source, 'artifacts/sbom.cdx.json'), '{}')
  const of = (name: string): string => `harbor.example.org:8443/${name}@${digest}`
  const params = {
    image: of('idaas/idaas'),
    base: of('ubi9'),
    builder: of('ubi9-build'),
    chart: of('charts/idaas'),
  }
  runTask('idaas-write-release', { workspaces, params })
  const written = parse(readFileSync(join(workspaces.source, 'artifacts', `${version}.yaml`), 'utf8'))
  expect(written).toMatchObject({ version, image: params.image, chart: params.chart })
})

test.for([
  ['registry.example.org/ubi9/node:latest', 'registry.example.org/ubi9/node'],
  ['harbor.example.org:8443/ubi9/node:24', 'harbor.example.org:8443/ubi9/node'],
  ['harbor.example.org:8443/ubi9/node', 'harbor.example.org:8443/ubi9/node'],
] as const)('%s is pinned by its digest', ([image, name]) => {
  const params = { base: image, builder: image }
  const pinned = runTask('idaas-resolve-base', { workspaces, params, programs: { skopeo: `echo ${digest}` } })
  expect(pinned).toEqual({ base: `${name}@${digest}`, builder: `${name}@${digest}` })
})
