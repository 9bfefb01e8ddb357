import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { findProgram, type ProgramName } from '../support/programs.ts'
import { deploy } from './overlay/render-base.ts'

const folder = join(deploy, 'ansible')
const defaults = join(folder, 'roles/idaas/defaults/main.yaml')

/** With a home of its own, and nothing of the caller's Ansible. */
function run(name: ProgramName, args: readonly string[], cwd = folder) {
  const home = mkdtempSync(join(tmpdir(), 'idaas-ansible-'))
  const own = { HOME: home, ANSIBLE_HOME: home, ANSIBLE_CONFIG: join(home, 'none.cfg'), ANSIBLE_NOCOLOR: '1' }
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', NO_COLOR: '1', ...own }
  const { status, stdout, stderr } = spawnSync(findProgram(name).path, args, { cwd, env, encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}

const lint = ['--offline', '--strict', '--profile', 'production', 'site.yaml']

test('ansible-lint has nothing to say', () => {
  const { status, said } = run('ansible-lint', lint)
  expect(said).toMatch(/0 failure.*0 warning.*9 files/)
  expect(status).toBe(0)
})

test('ansible-lint would say that a command tells no change', () => {
  const copy = mkdtempSync(join(tmpdir(), 'idaas-ansible-'))
  cpSync(folder, copy, { recursive: true })
  const tasks = join(copy, 'roles/idaas/tasks/run.yaml')
  writeFileSync(tasks, readFileSync(tasks, 'utf8').replace('changed_when: false', ''))
  const { status, said } = run('ansible-lint', lint, copy)
  expect(said).toContain('no-changed-when')
  expect(status).not.toBe(0)
})

test('the role builds this version', () => {
  expect(readFileSync(defaults, 'utf8')).toContain(`idaas_version: ${packageFile.version}\n`)
})

/** What the role's template makes of its defaults. */
function rendered(template: string, variables: object): string {
  const dest = join(mkdtempSync(join(tmpdir(), 'idaas-ansible-')), 'rendered')
  const src = join(folder, 'roles/idaas/templates', template)
  const module = ['--module-name', 'ansible.builtin.template', '--args', `src=${src} dest=${dest}`]
  const values = ['--extra-vars', `@${defaults}`, '--extra-vars', JSON.stringify(variables)]
  const { status, said } = run('ansible', ['localhost', '--connection', 'local', ...module, ...values])
  if (status !== 0) throw new Error(said)
  return readFileSync(dest, 'utf8')
}

test('the services run as restricted-v2 would have it, and only the server listens, on loopback', () => {
  const server = rendered('idaas.service.j2', { idaas_component: 'server' })
  const worker = rendered('idaas.service.j2', { idaas_component: 'worker' })
  for (const unit of [server, worker])
    for (const option of [
      '--user=1001:0',
      '--read-only',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
    ])
      expect(unit).toContain(`  ${option} \\\n`)
  expect(server).toMatch(new RegExp(` localhost/idaas:${packageFile.version} serve\n`))
  expect(worker).toMatch(/ worker\n/)
  expect(server).toContain('--publish=127.0.0.1:8080:8080')
  expect(worker).not.toContain('--publish')
})

test('secrets get into a file for the environment, one a line', () => {
  const text = rendered('secrets.env.j2', {
    idaas_secrets: { DATABASE: 'postgres://a:b$c@db/x', KEY: '00ff' },
  })
  expect(text).toBe('DATABASE=postgres://a:b$c@db/x\nKEY=00ff\n')
})
