import { entry } from './ldif-entry.ts'

export const baseDn = 'DC=lab,DC=example'
export const appDn = `CN=app,OU=services,${baseDn}`
export const appPassword = 'App-passw0rd-1'

/** In 100 nanoseconds, negative, as Active Directory keeps durations. */
const duration = (seconds: number): string => `-${seconds}0000000`

/** What a password is over LDAP: in quotes, UTF-16LE. */
export const unicodePwd = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le')

export const loginOf = (index: number): string => `u${String(index).padStart(6, '0')}`
export const passwordOf = (login: string): string => `Pw-${login}`
/** Members of the group `big`: Active Directory gives 1,500 of them at a time. */
export const bigGroupSize = 1_600

/**
 * Units, a service account, 120 people with passwords, 1,600 without, and groups in groups. The domain's policy locks after five
 * wrong passwords for half an hour, keeps three old ones and wants eight characters of three kinds.
 */
export function* sambaLdif(): Generator<string> {
  yield `dn: ${baseDn}
changetype: modify
${Object.entries({
  lockoutThreshold: '5',
  lockoutDuration: duration(1_800),
  lockOutObservationWindow: duration(1_800),
  minPwdLength: '8',
  pwdHistoryLength: '3',
  minPwdAge: '0',
  maxPwdAge: duration(90 * 86_400),
})
  .map(([name, value]) => `replace: ${name}\n${name}: ${value}\n-\n`)
  .join('')}
`
  for (const ou of ['people', 'groups', 'services', 'crowd'])
    yield entry(`OU=${ou},${baseDn}`, { objectClass: 'organizationalUnit', ou })
  yield user('app', 'services', { unicodePwd: unicodePwd(appPassword), pwdNeverExpires: true })
  yield user('decoy', 'services', { unicodePwd: unicodePwd('Nobody-knows-1'), pwdNeverExpires: true })
  for (let index = 1; index <= 120; index++) {
    const login = loginOf(index)
    yield user(login, 'people', { unicodePwd: unicodePwd(passwordOf(login)), sn: `Person ${index}` })
  }
  for (let index = 0; index < bigGroupSize; index++) yield user(`c${index}`, 'crowd', {})
  yield group('inner', [personDn(1)])
  yield group('middle', [groupDn('inner')])
  yield group('outer', [groupDn('middle')])
  yield group('loop-a', [personDn(2)])
  yield group('loop-b', [groupDn('loop-a')])
  yield `dn: ${groupDn('loop-a')}\nchangetype: modify\nadd: member\nmember: ${groupDn('loop-b')}\n\n`
  const crowd = Array.from({ length: bigGroupSize }, (_, index) => `CN=c${index},OU=crowd,${baseDn}`)
  yield group('big', crowd)
}

export const personDn = (index: number): string => `CN=${loginOf(index)},OU=people,${baseDn}`
export const groupDn = (name: string): string => `CN=${name},OU=groups,${baseDn}`

type User = { unicodePwd?: Buffer; sn?: string; pwdNeverExpires?: boolean }

function user(login: string, unit: string, { unicodePwd: password, sn, pwdNeverExpires }: User): string {
  return entry(`CN=${login},OU=${unit},${baseDn}`, {
    objectClass: 'user',
    sAMAccountName: login,
    userPrincipalName: `${login}@lab.example`,
    mail: `${login}@mail.example`,
    sn,
    unicodePwd: password,
    // NORMAL_ACCOUNT, with DONT_EXPIRE_PASSWORD; an account without a password must be disabled.
    userAccountControl: password === undefined ? '514' : pwdNeverExpires ? '66048' : '512',
  })
}

function group(name: string, member: readonly string[]): string {
  return entry(groupDn(name), { objectClass: 'group', sAMAccountName: name, member: [...member] })
}
