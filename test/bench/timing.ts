import { authenticate } from '../../src/accounts/authenticate.ts'
import { createRefusalTime } from '../../src/accounts/refusal-time.ts'
import { createMemoryStore } from '../../src/store/ephemeral-memory.ts'
import { closeTenant } from '../../src/tenants/open-tenant.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { areaUnderCurve, chanceOf } from '../support/auc.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { median } from '../support/median.ts'
import { argon2, ssha } from '../support/password-hashes.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { openTestTenant, testTenantConfig } from '../support/tenant.ts'

const TRIES = 2_000
const kinds = ['wrong', 'unknown', 'locked'] as const
type Kind = (typeof kinds)[number]

type Scheme = '{SSHA}' | '{ARGON2}'
/** At once, of all kinds: what disturbs one disturbs all. */
const AT_ONCE = 16
/** What stands between whoever measures and what they would learn: a hash at the decoy entry, and the wait until a refusal's time is over. */
type Barriers = { decoy: boolean; wait: boolean }

const settings: readonly Barriers[] = [
  { decoy: true, wait: true },
  { decoy: false, wait: true },
  { decoy: true, wait: false },
  { decoy: false, wait: false },
]

/** Whether the time of a refusal tells an unknown login, or a locked account, from a wrong password: the area under the curve, 0.5 for no. */
export async function benchTiming(options: string[]): Promise<void> {
  const tries = Number(options[0] ?? TRIES)
  console.log(`${tries} tries of each kind; by chance alone ±${chanceOf(tries, tries).toFixed(3)}`)
  for (const scheme of ['{SSHA}', '{ARGON2}'] as const) {
    for (const barriers of settings) {
      const took = await measure(scheme, barriers, tries)
      const auc = (kind: Kind) => areaUnderCurve(took[kind], took.wrong).toFixed(3)
      const has = `${barriers.decoy ? 'decoy' : 'no decoy'}, ${barriers.wait ? 'wait' : 'no wait'}`
      const medians = kinds.map((kind) => `${kind} ${median(took[kind]).toFixed(1)}`).join(', ')
      console.log(
        `${scheme.padEnd(9)} ${has.padEnd(18)} unknown ${auc('unknown')}  locked ${auc('locked')}  (medians in ms: ${medians})`,
      )
    }
  }
}

async function measure(scheme: Scheme, { decoy, wait }: Barriers, tries: number) {
  const slapd = await startSlapd({
    seed: { people: 400, argon2: scheme === '{ARGON2}' },
    passwordHash: scheme,
    overlays: ['memberof', 'refint', 'unique', 'sssvlv', 'syncprov', 'ppolicy'],
  })
  const tenant = openTestTenant(await prepared(slapd, scheme, decoy))
  try {
    return await times(tenant, wait, tries)
  } finally {
    await closeTenant(tenant)
    await slapd.stop()
  }
}

const programsDn = 'cn=programs,ou=policies,dc=example,dc=org'
const decoyDn = 'cn=decoy,ou=services,dc=example,dc=org'
const uidOf = (index: number) => `u${String(index).padStart(6, '0')}`

/** Nobody is locked by what is measured but those who are from the start; the decoy, as docs/directories.md has it, is under a policy that never locks. */
async function prepared(slapd: Slapd, scheme: Scheme, hasDecoy: boolean) {
  const hash = (scheme === '{SSHA}' ? ssha : argon2)('nobody knows')
  const locked = Array.from({ length: 100 }, (_, index) => uidOf(300 + index)).map(
    (uid) =>
      `dn: uid=${uid},ou=people,dc=example,dc=org\nchangetype: modify\nreplace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n`,
  )
  await ldapmodify(
    asRoot(slapd),
    `dn: ${programsDn}\nchangetype: add\nobjectClass: device\nobjectClass: pwdPolicy\ncn: programs\npwdAttribute: userPassword\npwdLockout: FALSE\n
dn: ${decoyDn}\nchangetype: add\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: decoy\nuserPassword: ${hash}\npwdPolicySubentry: ${programsDn}\n
dn: cn=default,ou=policies,dc=example,dc=org\nchangetype: modify\nreplace: pwdMaxFailure\npwdMaxFailure: 10000\n
${locked.join('\n')}`,
  )
  const config = testTenantConfig(slapd, {
    signIn: { maxFailuresPerAccount: 1_000_000, maxFailuresPerAddress: 1_000_000 },
  })
  const [directory] = config.directories
  if (directory !== undefined && hasDecoy) directory.decoy = decoyDn
  return config
}

async function times(tenant: Tenant, waits: boolean, tries: number): Promise<Record<Kind, number[]>> {
  const ephemeral = createMemoryStore()
  const refusalTime = waits ? createRefusalTime() : { noteRefusal() {}, async settle() {} }
  const services = { ephemeral, trail: { record: () => Promise.resolve() }, refusalTime }
  const took: Record<Kind, number[]> = { wrong: [], unknown: [], locked: [] }
  const loginOf: Readonly<Record<Kind, (n: number) => string>> = {
    wrong: (n) => uidOf(10 + (n % 280)),
    unknown: (n) => `nobody-${n}`,
    locked: (n) => uidOf(300 + (n % 100)),
  }
  const attempt = async (kind: Kind, n: number) => {
    const started = performance.now()
    const credentials = { login: loginOf[kind](n), password: 'wrong one', address: '192.0.2.1' }
    await authenticate(services, tenant, credentials, new Date())
    took[kind].push(performance.now() - started)
  }
  const all = shuffled(kinds.flatMap((kind) => Array.from({ length: tries }, (_, n) => ({ kind, n }))))
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = all.pop(); next !== undefined; next = all.pop()) await attempt(next.kind, next.n)
    }),
  )
  return took
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
