import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { parseQuantity } from '../../deploy/footprint/quantity.ts'
import { deploy } from './overlay/render-base.ts'
import { runHelm } from './render-chart.ts'
import { kubectl } from './tools.ts'

let program: string
beforeAll(async () => {
  program = await kubectl()
})

/** What kustomize makes of the base with these components. */
async function render(...components: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'idaas-footprint-'))
  const path = (each: string): string => relative(folder, join(deploy, each))
  const kustomization = {
    resources: [path('base')],
    components: components.map((each) => path(`components/${each}`)),
  }
  writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization))
  return await runHelm(program, ['kustomize', folder])
}

function footprint(profile: string, manifests: string): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [join(deploy, 'footprint/main.ts'), profile], {
    input: manifests,
    encoding: 'utf8',
  })
}

test.for([
  ['small', 'small'],
  ['standard', 'ha'],
] as const)('the profile %s is within its budget', async ([profile, component]) => {
  const { status, stdout } = footprint(profile, await render(component))
  expect(stdout).toMatchSnapshot()
  expect(status).toBe(0)
})

test('what is above the budget fails, and says by what', async () => {
  const { status, stdout } = footprint('small', await render('ha'))
  expect(stdout).toMatch(/above the profile small: pods 7, at most 5/)
  expect(status).toBe(1)
})

test('a container without a limit fails', async () => {
  const manifests = (await render('small')).replace(/limits:\n +memory: 384Mi/, 'limits: {}')
  const { status, stdout } = footprint('small', manifests)
  expect(stdout).toContain('idaas-server/server has no request or no limit of memory')
  expect(status).toBe(1)
})

test('nothing at all, or a profile that is not known, fails', () => {
  expect(footprint('small', '').status).toBe(1)
  expect(footprint('huge', '').status).toBe(2)
})

test('Node’s heap follows the limit of each pod, whatever it is', async () => {
  const heap = /name: NODE_OPTIONS\n\s+value: --max-old-space-size-percentage=75\n/g
  const [base, small] = [await render(), await render('small')]
  expect(base.match(heap)).toHaveLength(4)
  expect(small.match(heap)).toHaveLength(4)
})

test.for([
  ['250m', 0.25],
  ['2', 2],
  ['1Ki', 1024],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1M', 1e6],
] as const)('%s is the quantity %d', ([text, amount]) => {
  expect(parseQuantity(text)).toBe(amount)
})

test('what is no quantity is an error', () => {
  expect(() => parseQuantity('1 GB')).toThrow('not a quantity')
})
