import { expect, it } from 'vitest'
import { useOpenLdap } from './use-openldap.ts'

// slapd 2.5 before 2.5.15 dies of the first wrong password under such a policy (ITS#10028).
const { suite, underPolicy } = useOpenLdap({ version: '2.6' })

it('a pause that the policy makes after a wrong password is a lock that no agent can end', async () => {
  const { directory, somebody, bind, expectState, state, outcome } = suite()
  const person = somebody()
  await underPolicy(person, 'pwdLockout: TRUE\npwdMinDelay: 60\npwdMaxDelay: 600')
  await bind(person, 'wrong')
  await expectState(person, 'locked', { by: 'policy', until: expect.any(Date) })
  expect(await state(person)).toMatchObject({ canSignIn: false })
  expect(await outcome(person)).toBe('refused')
  expect(await directory.unlock(person.dn)).toBe('not-supported')
  await expectState(person, 'locked', { by: 'policy' })
})
