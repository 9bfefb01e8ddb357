import { expect, test } from 'vitest'
import { openPeople } from '../../src/accounts/people/tenant-people.ts'
import { buildTestApp } from './built-app.ts'
import { makeTenant } from './web-frame.ts'

test('a replica gets no requests before it has tried to read everyone: until then searches are refused', async () => {
  const tenant = makeTenant({ issuer: 'https://id.acme.example' })
  const people = openPeople(tenant, () => {})
  let minute = 0
  const clock = () => new Date(Date.UTC(2026, 10, 25, 10, minute++))
  const app = await buildTestApp([tenant], { peopleOf: () => people, clock })
  const stateOfPeople = async () => (await app.inject('/readyz')).json().checks['people acme']
  try {
    expect(await stateOfPeople()).toEqual({ state: 'down', needed: true })
    await people.start()
    expect(await stateOfPeople()).toEqual({ state: 'up', needed: true })
  } finally {
    people.close()
    await app.close()
  }
})
