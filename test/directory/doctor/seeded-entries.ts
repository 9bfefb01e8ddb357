import { ssha } from '../../support/password-hashes.ts'
import { configure, decoyDn, rightTenant } from './right-setup.ts'
import { branch, database, modified, overlay, people, root, suffix, type Seeded } from './seeded.ts'

/** Faults of the password policy, of what the configuration names, and of people's entries. */
export const entryFaults: readonly Seeded[] = [
  {
    fault: 'ppolicy is not loaded',
    finds: 'ppolicy-missing',
    start: { overlays: ['memberof', 'refint', 'unique', 'sssvlv', 'syncprov'] },
  },
  {
    fault: 'ppolicy is loaded, but not for this database',
    finds: 'ppolicy-missing',
    seed: (slapd) => configure(slapd, `dn: ${overlay(3, 'ppolicy')}\nchangetype: delete\n`),
  },
  {
    fault: 'no default policy is configured',
    finds: 'default-policy-unset',
    tenant: (slapd) => {
      const tenant = rightTenant(slapd)
      return { ...tenant, directories: tenant.directories.map(({ defaultPolicy: _, ...rest }) => rest) }
    },
  },
  {
    fault: 'the default policy is not there',
    finds: 'default-policy-missing',
    seed: (slapd) => root(slapd, `dn: cn=default,ou=policies,${suffix}\nchangetype: delete\n`),
    isMended: true,
  },
  {
    fault: 'the server has another default policy',
    finds: 'default-policy-differs',
    seed: (slapd) =>
      configure(
        slapd,
        modified(
          overlay(3, 'ppolicy'),
          `replace: olcPPolicyDefault\nolcPPolicyDefault: cn=never-locks,ou=policies,${suffix}`,
        ),
      ),
  },
  {
    fault: 'the default policy locks nobody',
    finds: 'lockout-off',
    seed: (slapd) =>
      root(slapd, modified(`cn=default,ou=policies,${suffix}`, 'replace: pwdLockout\npwdLockout: FALSE')),
    isMended: true,
  },
  {
    fault: 'the default policy makes nobody change a password',
    finds: 'must-change-off',
    seed: (slapd) => root(slapd, modified(`cn=default,ou=policies,${suffix}`, 'delete: pwdMustChange')),
    isMended: true,
  },
  {
    fault: 'sign-ins are not recorded',
    finds: 'sign-ins-unrecorded',
    seed: (slapd) => configure(slapd, modified(database, 'replace: olcLastBind\nolcLastBind: FALSE')),
    isMended: true,
  },
  {
    fault: 'a branch is not there',
    finds: 'base-missing',
    tenant: (slapd) =>
      rightTenant(
        slapd,
        {},
        {
          uses: {
            signIn: [branch(people)],
            desk: [branch(`ou=guests,${suffix}`)],
            groups: [branch(`ou=groups,${suffix}`)],
          },
        },
      ),
  },
  {
    fault: 'a filter finds nobody',
    finds: 'base-empty',
    tenant: (slapd) =>
      rightTenant(
        slapd,
        {},
        {
          uses: {
            signIn: [branch(people)],
            desk: [{ ...branch(people), filter: '(uid=nobody)' }],
            groups: [branch(`ou=groups,${suffix}`)],
          },
        },
      ),
  },
  {
    fault: 'no decoy is configured',
    finds: 'decoy-unset',
    tenant: (slapd) => {
      const tenant = rightTenant(slapd)
      return { ...tenant, directories: tenant.directories.map(({ decoy: _, ...rest }) => rest) }
    },
  },
  {
    fault: 'the decoy is not there',
    finds: 'decoy-missing',
    seed: (slapd) => root(slapd, `dn: ${decoyDn(suffix)}\nchangetype: delete\n`),
    isMended: true,
  },
  {
    fault: 'the decoy has no password',
    finds: 'decoy-without-password',
    seed: (slapd) =>
      root(
        slapd,
        modified(
          decoyDn(suffix),
          'delete: objectClass\nobjectClass: simpleSecurityObject\n-\ndelete: userPassword',
        ),
      ),
  },
  {
    fault: 'the decoy is hashed in another way than people',
    finds: 'decoy-hash-differs',
    seed: (slapd) =>
      root(slapd, modified(decoyDn(suffix), `replace: userPassword\nuserPassword: ${ssha('nobody knows')}`)),
    isMended: true,
  },
  {
    fault: 'the decoy can be locked',
    finds: 'decoy-lockable',
    seed: (slapd) => root(slapd, modified(decoyDn(suffix), 'delete: pwdPolicySubentry')),
    isMended: true,
  },
  {
    fault: 'somebody’s password is stored in clear',
    finds: 'password-in-clear',
    seed: async (slapd) => {
      await configure(
        slapd,
        `dn: ${overlay(3, 'ppolicy')}\nchangetype: modify\nreplace: olcPPolicyHashCleartext\nolcPPolicyHashCleartext: FALSE\n`,
      )
      await root(slapd, modified(`uid=ada,${people}`, 'replace: userPassword\nuserPassword: as it is'))
    },
  },
  {
    fault: 'somebody’s password has a hash without a salt',
    finds: 'password-hash-weak',
    seed: (slapd) =>
      root(
        slapd,
        modified(`uid=ada,${people}`, 'replace: userPassword\nuserPassword: {MD5}X03MO1qnZdYdgyfeuILPmQ=='),
      ),
  },
  {
    fault: 'two people have one mail address',
    finds: 'name-shared',
    also: ['names-not-kept-unique'],
    start: { overlays: ['memberof', 'refint', 'ppolicy', 'sssvlv', 'syncprov'] },
    seed: (slapd) =>
      root(slapd, modified(`uid=alice,${people}`, 'replace: mail\nmail: hugo.grunwald@example.org')),
  },
  {
    fault: 'the login is an attribute that the server does not know',
    finds: 'login-attribute-unknown',
    also: ['names-not-kept-unique'],
    tenant: (slapd) => rightTenant(slapd, { attributes: { login: 'samAccountName', signIn: ['mail'] } }),
  },
  {
    fault: 'a configured attribute is not known to the server',
    finds: 'attribute-unknown',
    tenant: (slapd) => rightTenant(slapd, { attributes: { manager: 'noSuchManager' } }),
    also: ['references-kept-partly'],
  },
  {
    fault: 'a group that gives a role is outside the branches of groups',
    finds: 'role-group-outside',
    tenant: (slapd) => {
      const roles = [{ name: 'desk', rank: 10, groups: [`cn=desk,ou=roles,${suffix}`] }]
      return rightTenant(slapd, {}, { roles })
    },
  },
  {
    fault: 'passwords are elsewhere in a branch that is not there',
    finds: 'counterpart-missing',
    tenant: (slapd) => {
      const elsewhere = { directory: 'main', base: `ou=windows,${suffix}`, attribute: 'uid' }
      return rightTenant(slapd, { passwords: { passThrough: [elsewhere], alsoIn: [] } })
    },
  },
  {
    fault: 'a group that gives a role is not there',
    finds: 'role-group-missing',
    seed: (slapd) => root(slapd, `dn: cn=service-desk,ou=groups,${suffix}\nchangetype: delete\n`),
  },
]
