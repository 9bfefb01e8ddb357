import { randomBytes } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { folderOf } from '../config/config-folder.ts'
import { idaas } from '../main/program.ts'
import { startDemo, type Demo } from '../support/demo.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')

let demo: Demo
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(() => demo.stop())

const addresses = new Set(readme.match(/http:\/\/localhost:8080[^\s'>)]*/g))

describe('README.md', () => {
  test('names addresses that the demo answers', async () => {
    expect(addresses.size).toBeGreaterThan(10)
    for (const address of addresses) {
      const { status } = await fetch(address.replace('http://localhost:8080', demo.issuer), {
        redirect: 'manual',
      })
      // Pages may lead to the sign-in, what is meant for POST says so to a GET, what needs a token asks for one.
      expect([address, [200, 303, 401, 405].includes(status) ? 'answers' : status]).toEqual([
        address,
        'answers',
      ])
    }
  })

  test('links to files that are there', async () => {
    const files = [...readme.matchAll(/\]\(((?!https?:)[^)#]+)/g)].map(([, file = '']) => file)
    expect(files).toContain('docs/people.png')
    await Promise.all(files.map((file) => access(join(root, file))))
  })

  test('names scripts and packages of package.json, and all that the product needs', () => {
    for (const [, script = ''] of readme.matchAll(/npm run ([a-z]+)/g)) {
      expect(Object.keys(packageJson.scripts)).toContain(script)
    }
    const named = [...readme.matchAll(/`([@a-z][^`\s]*)`/g)].map(([, name = '']) => name.replace('*', ''))
    const missing = Object.keys(packageJson.dependencies).filter(
      (name) => !named.some((each) => name === each || (/[-/]$/.test(each) && name.startsWith(each))),
    )
    expect(missing).toEqual([])
  })

  test('shows a configuration without a fault', async () => {
    const yaml = /```yaml\n([^]*?)```/.exec(readme)?.[1] ?? ''
    const folder = await folderOf({ 'idaas.yaml': yaml })
    const env = {
      DATABASE_URL: 'postgres://localhost/idaas',
      IDAAS_KEY: randomBytes(32).toString('hex'),
      LDAP_PASSWORD: 'x',
    }
    expect(await idaas(['check', '--static', '--config', join(folder, 'idaas.yaml')], env)).toMatchObject({
      code: 0,
      stderr: '',
    })
  })
})
