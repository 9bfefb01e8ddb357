import { describe, expect, test } from 'vitest'
import { viewerOf } from '../../../plugins/web/viewer.ts'
import type { PersonActor } from '../../../src/access/actor.ts'
import { roleSchema } from '../../../src/config/role-schema.ts'
import { toDn } from '../../../src/ldap/dn.ts'
import { makeEntry } from '../../../src/ldap/entry.ts'
import { makeTenant } from '../web-frame.ts'

const tenant = makeTenant({ issuer: 'https://id.acme.example' })
const dn = 'uid=hugo,dc=acme,dc=example'

function person(permissions: readonly string[], scopes: PersonActor['scopes'] = 'session'): PersonActor {
  const roles = permissions.length === 0 ? [] : [roleSchema.parse({ name: 'role', permissions, rank: 1 })]
  const ref = { directory: 'people', id: '1', dn: toDn(dn), login: 'hugo' }
  return { kind: 'person', tenant, person: ref, entry: makeEntry(dn, { cn: 'Hugo Béranger' }), roles, scopes }
}

describe('the menu', () => {
  test('leads a visitor to the white pages where they are public, and nowhere else', () => {
    const closed = {
      ...tenant,
      config: { ...tenant.config, whitePages: { ...tenant.config.whitePages, access: 'signed-in' as const } },
    }
    expect(viewerOf({ kind: 'anonymous', tenant })).toEqual({
      displayName: null,
      sections: ['people', 'groups'],
    })
    expect(viewerOf({ kind: 'anonymous', tenant: closed }).sections).toEqual([])
  })

  test('leads a person to what is theirs, an agent to the desk, an auditor to the audit', () => {
    expect(viewerOf(person([])).sections).toEqual(['portal', 'people', 'groups', 'account'])
    expect(viewerOf(person(['account.read'])).sections).toContain('desk')
    expect(viewerOf(person(['audit.read'])).sections).toEqual([
      'portal',
      'people',
      'groups',
      'audit',
      'account',
    ])
  })

  test('offers nothing that the scopes of a token would refuse', () => {
    expect(viewerOf(person(['account.read'], new Set(['people.read']))).sections).not.toContain('desk')
  })
})
