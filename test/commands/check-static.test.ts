import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { folderOf, sound } from '../config/config-folder.ts'
import { idaas } from '../main/program.ts'

const example = fileURLToPath(new URL('../../deploy/customers/example/idaas', import.meta.url))

describe('a static check in a pipeline, which has no secrets', () => {
  test('fails by default, and passes without secrets, telling what it could not check', async () => {
    const folder = await folderOf({ 'idaas.yaml': sound })
    expect(await idaas(['check', '--static', '--config', folder])).toMatchObject({ code: 5 })
    const ended = await idaas(['check', '--static', '--without-secrets', '--config', folder])
    expect([ended.code, ended.stdout]).toEqual([0, 'no fault in the configuration of tenant acme\n'])
    expect(ended.stderr).toBe(`${folder}/idaas.yaml:3:8  keys[0]
  warning   not checked: \${env:KEY}, which is not set
${folder}/idaas.yaml:11:62  tenants[0].directories[0].bind.password
  warning   not checked: \${env:LDAP_PASSWORD}, which is not set
`)
  })

  test('still finds what is wrong, and a reference that is none', async () => {
    const wrong = sound.replace('signIn:', 'signin:').replace('${env:KEY}', '${enf:KEY}')
    const folder = await folderOf({ 'idaas.yaml': wrong })
    const { code, stderr } = await idaas(['check', '--static', '--without-secrets', '--config', folder])
    expect(code).toBe(5)
    expect(stderr).toContain('did you mean `signIn`?')
    expect(stderr).toContain('a `${` that is no reference')
    expect(stderr).not.toContain('LDAP_PASSWORD')
  })

  test('takes a missing file of a secret for one, and an unreadable one for a fault', async () => {
    const config = (file: string) => sound.replace('"${env:KEY}"', `"\${file:${file}}"`)
    const missing = await folderOf({ 'idaas.yaml': config('secrets/key') })
    expect(await idaas(['check', '--static', '--without-secrets', '--config', missing])).toMatchObject({
      code: 0,
    })
    const folder = await folderOf({ 'idaas.yaml': config('secrets'), 'secrets/other': '' })
    expect(await idaas(['check', '--static', '--without-secrets', '--config', folder])).toMatchObject({
      code: 5,
    })
  })

  test('passes on the example of a customer', async () => {
    const ended = await idaas(['check', '--static', '--without-secrets', '--config', example])
    expect(ended).toMatchObject({ code: 0 })
  })
})
