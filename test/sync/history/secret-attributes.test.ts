import { expect, test } from 'vitest'
import { isSecretAttribute } from '../../../sync/history/secret-attributes.ts'

const secret = [
  'userPassword',
  'userPassword;x-old',
  'unicodePwd',
  'dBCSPwd',
  'supplementalCredentials',
  'sambaNTPassword',
  'sambaPasswordHistory',
  'pwdHistory',
  'krbPrincipalKey',
  'oathSecret',
  'sshPrivateKey',
  'passwd',
  'PASSWORD_HASH',
  'password2',
  'mot_de_passe',
  'client-secret',
]

const open = [
  'cn',
  'pwdChangedTime',
  'pwdLastSet',
  'passwordRetryCount',
  'pwdPolicySubentry',
  'secretary',
  'sshPublicKey',
]

test('passwords, their hashes and keys are secrets, whatever a table calls them', () => {
  expect(secret.filter((name) => !isSecretAttribute(name))).toEqual([])
})

test('what is said about a password is none', () => {
  expect(open.filter((name) => isSecretAttribute(name))).toEqual([])
})
