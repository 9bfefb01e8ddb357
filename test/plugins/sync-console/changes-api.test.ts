import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { call } from '../service-desk/desk-service.ts'
import { fillJournal } from './fill-journal.ts'
import { leaveRun, startSyncSite, type SyncSite } from './sync-site.ts'

let slapd: Slapd
let site: SyncSite
let watcher: string
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 10 } })
  site = await startSyncSite(slapd)
  watcher = await site.token('watcher')
})
afterAll(async () => {
  await site.stop()
  await slapd.stop()
})

const get = (path: string) => call(site.service, `/sync${path}`, { token: watcher })

describe('what a run changes', () => {
  test('is told with old and new values and the rule that caused each, without secrets and bytes', async () => {
    const { id } = await leaveRun(site, 'held')
    await fillJournal(site, id)
    const { body } = await get(`/runs/${id}/changes`)
    expect(JSON.stringify(body)).not.toMatch(/sealed/)
    expect(body).toMatchObject({
      next: null,
      items: [
        {
          id: 0,
          kind: 'create',
          attributes: [
            { attribute: 'cn', before: [], after: [{ text: 'Claire Lefèvre' }], rule: 'source', from: 'cn' },
            { attribute: 'jpegPhoto', after: [{ bytes: 2_345 }], rule: null },
            { attribute: 'userPassword', after: [{ hidden: true }], rule: 'create' },
          ],
        },
        {
          kind: 'update',
          state: 'done',
          attributes: [
            {
              attribute: 'telephoneNumber',
              before: [{ text: '+33 1 00 00 00 00' }],
              after: [{ text: '+33 1 23 45 67 1' }],
              rule: 'force',
              from: 'tasks.people.attributes.telephoneNumber.value',
            },
            { attribute: 'title' },
          ],
        },
        {
          state: 'failed',
          error: { code: 'LDAP 19 constraintViolation' },
          attributes: [
            {
              attribute: 'mail',
              before: [{ text: 'old@acme.example' }],
              after: [{ text: '<b>new</b>@acme.example' }],
              kept: 2,
              rule: 'force',
            },
            { attribute: 'userPassword', before: [{ hidden: true }], after: [{ hidden: true }], kept: 0 },
          ],
        },
        { kind: 'rename', to: 'uid=marie,ou=people,dc=acme,dc=example', rule: 'name', attributes: [] },
        { kind: 'disable', rule: 'gone-from-source', attributes: [] },
        {
          kind: 'delete',
          source: null,
          attributes: [{ attribute: 'cn', before: [{ text: 'Person Five' }] }, {}],
        },
      ],
    })
  })

  test('is filtered and paged', async () => {
    const { id } = await leaveRun(site, 'held')
    await fillJournal(site, id)
    const ids = async (query: string) => {
      const { body } = await get(`/runs/${id}/changes?${query}`)
      return [
        z
          .array(z.object({ id: z.number() }))
          .parse(body['items'])
          .map((item) => item.id),
        body['next'],
      ]
    }
    expect(await ids('kind=update')).toEqual([[1, 2], null])
    expect(await ids('state=failed')).toEqual([[2], null])
    expect(await ids('q=LEFEVRE')).toEqual([[0], null])
    expect(await ids('attribute=USERPASSWORD')).toEqual([[0, 2, 5], null])
    expect(await ids('limit=4')).toEqual([[0, 1, 2, 3], '3'])
    expect(await ids('limit=4&cursor=3')).toEqual([[4, 5], null])
  })

  test('is told with what was left alone', async () => {
    const { id } = await leaveRun(site, 'done')
    await site.journal.addFindings(id, [
      { kind: 'ambiguous', subject: 'uid=a', detail: { others: ['uid=b'] } },
      { kind: 'kept', subject: 'uid=c', detail: { attribute: 'pwdAccountLockedTime', by: 'hugo', at: null } },
    ])
    expect((await get(`/runs/${id}/findings`)).body).toMatchObject({
      items: [
        { kind: 'ambiguous', subject: 'uid=a', detail: { others: ['uid=b'] } },
        { kind: 'kept', detail: { by: 'hugo' } },
      ],
      next: null,
    })
    expect((await get(`/runs/${id}/findings?kind=kept&limit=1`)).body['items']).toHaveLength(1)
  })
})
