import { describe, expect, test } from 'vitest'
import { signInKey } from '../../src/accounts/attempt-limit.ts'
import { readAccount } from '../../src/accounts/read-account.ts'
import { asRoot, ldapsearch } from '../support/ldap-tools.ts'
import { startPostgres } from '../support/postgres.ts'
import { deskPermissions } from '../support/tenant.ts'
import { createAudit } from '../../src/audit/create-audit.ts'
import { createTrail } from '../../src/audit/trail.ts'
import { actOnAccount } from '../../src/accounts/act-on-account.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectDatabase } from '../../src/store/postgres.ts'
import { groupDn, useDesk } from './use-desk.ts'

const people = 'ou=people,dc=example,dc=org'

const desk = useDesk({
  ldif: [
    `dn: ou=let,${people}\nchangetype: add\nobjectClass: organizationalUnit\nou: let\n\n`,
    `dn: ou=grammar,ou=let,${people}\nchangetype: add\nobjectClass: organizationalUnit\nou: grammar\n\n`,
    ...[
      ['marc', `ou=let,${people}`, 'D1'],
      ['lea', `ou=let,${people}`, 'D1'],
      ['ines', `ou=grammar,ou=let,${people}`, 'D1'],
      ['otto', people, 'D9'],
    ].map(
      ([uid, parent, department]) =>
        `dn: uid=${uid},${parent}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\ndepartmentNumber: ${department}\nuserPassword: pw-${uid}-123\n\n`,
    ),
    `dn: ${groupDn('correspondents')}\nchangetype: add\nobjectClass: groupOfNames\ncn: correspondents\nmember: uid=marc,ou=let,${people}\n\n`,
    `dn: ${groupDn('department-desk')}\nchangetype: add\nobjectClass: groupOfNames\ncn: department-desk\nmember: uid=lea,ou=let,${people}\n\n`,
  ].join(''),
  changes: {
    roles: [
      ...['service-desk', 'administrators'].map((name, index) => ({
        name,
        groups: [groupDn(name)],
        permissions: [...deskPermissions],
        rank: 10 + index * 40,
      })),
      {
        name: 'correspondent',
        groups: [groupDn('correspondents')],
        permissions: ['account.read', 'account.lock', 'account.unlock'],
        rank: 5,
        reach: [{ base: '{agent.parent}' }],
      },
      {
        name: 'department',
        groups: [groupDn('department-desk')],
        permissions: ['account.read', 'account.lock'],
        rank: 5,
        reach: [{ base: people, filter: '(&(departmentNumber={agent.departmentNumber})(!(uid=ines)))' }],
      },
    ],
  },
})

const kinds = async (login: string) => {
  const permit = await desk.permit('ada', 'account.read')
  const { state } = await readAccount(desk.services(), permit, login, new Date())
  return state.conditions.map(({ kind }) => kind)
}
const problem = (code: string) => expect.objectContaining({ code })

describe('the four acts', () => {
  test('lock and unlock, disable and enable are true in the directory', async () => {
    expect(await desk.act('hugo', 'lock', 'alice')).toBe('done')
    expect(await kinds('alice')).toEqual(['locked'])
    expect(await desk.act('hugo', 'unlock', 'alice')).toBe('done')
    expect(await desk.act('hugo', 'disable', 'alice')).toBe('done')
    expect(await kinds('alice')).toEqual(['disabled'])
    expect(await desk.act('hugo', 'enable', 'alice')).toBe('done')
    expect(await kinds('alice')).toEqual([])
  })

  test('doing what is already so is no error, and changes nothing', async () => {
    expect(await desk.act('hugo', 'unlock', 'elefevre')).toBe('already-so')
    expect(await desk.act('hugo', 'enable', 'elefevre')).toBe('already-so')
    expect(await desk.act('hugo', 'lock', 'elefevre')).toBe('done')
    const before = await desk.attribute('elefevre', 'entryCSN')
    expect(await desk.act('hugo', 'lock', 'elefevre')).toBe('already-so')
    expect(await desk.attribute('elefevre', 'entryCSN')).toBe(before)
  })

  test('shutting somebody out ends their sessions, also when it is so already; letting them in does not', async () => {
    desk.ended.length = 0
    const { ref } = await readAccount(
      desk.services(),
      await desk.permit('ada', 'account.read'),
      'jndherve',
      new Date(),
    )
    await desk.act('hugo', 'lock', 'jndherve')
    await desk.act('hugo', 'lock', 'jndherve')
    await desk.act('hugo', 'unlock', 'jndherve')
    expect(desk.ended).toEqual([`main.${ref.id}`, `main.${ref.id}`])
    await desk.act('hugo', 'disable', 'jndherve')
    await desk.act('hugo', 'enable', 'jndherve')
    expect(desk.ended).toHaveLength(3)
  })

  test('whoever is unlocked may try again at once, also when only our own limit kept them out', async () => {
    const { ephemeral } = desk.stores()
    const key = signInKey(desk.tenant().name, 'u000030')
    await ephemeral.set(key, '10', 900)
    expect(await desk.act('hugo', 'unlock', 'u000030')).toBe('already-so')
    expect(await ephemeral.get(key)).toBeNull()
  })

  test('a reason is asked for where the tenant wants one, and white space is none', async () => {
    await expect(desk.act('hugo', 'lock', 'tlnguyen', { reason: '  ' })).rejects.toThrow(
      problem('reason-required'),
    )
    expect(await kinds('tlnguyen')).toEqual([])
    expect(await desk.act('hugo', 'unlock', 'tlnguyen', { reason: '' })).toBe('already-so')
  })

  test('what the server would not enforce is refused, and nothing is written', async () => {
    const { directories } = desk.tenant().config
    const same = desk.open({ directories: directories.map(({ defaultPolicy: _, ...rest }) => rest) })
    for (const act of ['lock', 'disable'] as const) {
      await expect(desk.act('ada', act, 'zoeuvrard', {}, same), act).rejects.toThrow(problem('not-enforced'))
    }
    expect(await desk.attribute('zoeuvrard', 'pwdStartTime')).toBeNull()
    expect(await desk.attribute('zoeuvrard', 'pwdAccountLockedTime')).toBeNull()
  })
})

describe('rank', () => {
  test('nobody acts on an account of a higher rank; on one of the same rank they do', async () => {
    await expect(desk.act('hugo', 'lock', 'ada')).rejects.toThrow(problem('more-privileged'))
    expect(await desk.attribute('ada', 'pwdAccountLockedTime')).toBeNull()
    expect(await desk.act('ada', 'lock', 'hugo')).toBe('done')
    expect(await desk.act('ada', 'unlock', 'hugo')).toBe('done')
  })

  test('a rank that comes through nested groups counts', async () => {
    await desk.change(
      `dn: ${groupDn('nested-admins')}\nchangetype: add\nobjectClass: groupOfNames\ncn: nested-admins\nmember: uid=tlnguyen,${people}\n\n` +
        `dn: ${groupDn('administrators')}\nchangetype: modify\nadd: member\nmember: ${groupDn('nested-admins')}\n`,
    )
    await expect(desk.act('hugo', 'disable', 'tlnguyen')).rejects.toThrow(problem('more-privileged'))
    expect(await desk.attribute('tlnguyen', 'pwdStartTime')).toBeNull()
  })
})

describe('a rank by rule', () => {
  test('counts too, whatever attribute the rule asks about', async () => {
    await desk.change(
      `dn: ${groupDn('licensed')}\nchangetype: add\nobjectClass: groupOfURLs\ncn: licensed\n` +
        `memberURL: ldap:///${people}??sub?(carLicense=CHIEF)\n\n` +
        `dn: ${groupDn('administrators')}\nchangetype: modify\nadd: member\nmember: ${groupDn('licensed')}\n`,
    )
    await desk.modify('u000023', 'replace: carLicense\ncarLicense: CHIEF')
    const lock = () => desk.act('hugo', 'lock', 'u000023').catch((error: unknown) => error)
    await expect.poll(lock, { timeout: 5_000 }).toMatchObject({ code: 'more-privileged' })
  })
})

describe('reach', () => {
  test('covers the agent’s own structure and everything under it, and nothing else exists', async () => {
    expect(await desk.act('marc', 'lock', 'lea')).toBe('done')
    expect(await desk.act('marc', 'lock', 'ines')).toBe('done')
    for (const login of ['otto', 'alice', 'nobody']) {
      await expect(desk.act('marc', 'lock', login), login).rejects.toThrow(problem('not-found'))
    }
    expect(await desk.attribute('alice', 'pwdAccountLockedTime')).toBeNull()
    await desk.act('marc', 'unlock', 'lea')
    await desk.act('marc', 'unlock', 'ines')
  })

  test('goes by the agent’s own values in a filter', async () => {
    expect(await desk.act('lea', 'lock', 'marc')).toBe('done')
    await expect(desk.act('lea', 'lock', 'ines')).rejects.toThrow(problem('not-found'))
    await expect(desk.act('lea', 'lock', 'otto')).rejects.toThrow(problem('not-found'))
  })

  test('does not lend a permission to another role', async () => {
    await expect(desk.act('lea', 'unlock', 'marc')).rejects.toThrow(problem('not-permitted'))
  })
})

describe('the audit', () => {
  const newest = async () => {
    const { items } = await desk.audit().list('acme', { limit: 4 })
    return items.map(({ action, result, code, reason }) => ({ action, result, code, reason }))
  }

  test('tells each act as attempted and with its outcome, and whose it was', async () => {
    await desk.act('hugo', 'disable', 'u000020', { reason: ' left the company ' })
    const { items } = await desk.audit().list('acme', { limit: 2 })
    const event = {
      action: 'account.disable',
      actor: { login: 'hugo' },
      target: { login: 'u000020' },
      reason: 'left the company',
    }
    expect(items).toMatchObject([
      { ...event, result: 'done' },
      { ...event, result: 'attempted' },
    ])
  })

  test('tells of acts that were refused, and why', async () => {
    await desk.act('hugo', 'lock', 'ada').catch(() => {})
    expect(await newest()).toMatchObject([
      { action: 'account.lock', result: 'refused', code: 'more-privileged' },
      { action: 'account.lock', result: 'attempted' },
      {},
      {},
    ])
  })

  test('must be there: without it nothing is done', async () => {
    const postgres = await startPostgres()
    await migrate(postgres.url)
    const { sealer } = desk.stores()
    const database = connectDatabase(postgres.url, { connectTimeout: 500 })
    const trail = createTrail(createAudit({ database, sealer }), {
      clock: () => new Date(),
      onLost: () => {},
    })
    const lock = async (login: string) =>
      await actOnAccount(
        { ...desk.services(), trail },
        await desk.permit('hugo', 'account.lock'),
        'lock',
        login,
        { reason: 'by phone', origin: {} },
        new Date(),
      )
    expect(await lock('u000021')).toBe('done')
    await postgres.stop()
    const everythingOf = () =>
      ldapsearch(asRoot(desk.slapd()), `uid=u000022,${people}`, '(objectClass=*)', '*', '+')
    const before = await everythingOf()
    desk.ended.length = 0
    await expect(lock('u000022')).rejects.toThrow(problem('audit-unavailable'))
    expect(await everythingOf()).toBe(before)
    expect(desk.ended).toEqual([])
    await database.close()
  })
})
