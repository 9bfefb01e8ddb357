import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { noCounts, type Run } from '../../../src/store/sync-runs.ts'
import { queueWebhooks } from '../../../sync/webhooks/queue-webhooks.ts'
import { sendWebhook } from '../../../sync/webhooks/send-webhook.ts'

const secret = 'a secret of the webhook'
const now = new Date('2026-11-25T02:15:09Z')
let server: Server
let url: string
let status = 204
let taken: { headers: IncomingHttpHeaders; body: string }[] = []

beforeAll(async () => {
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    taken.push({ headers: request.headers, body: await text(request) })
    response.writeHead(status, { location: '/elsewhere' }).end()
  }
  server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  url = `http://127.0.0.1:${address.port}/hook`
})
afterAll(async () => {
  server.close()
  await once(server, 'close')
})
beforeEach(() => {
  taken = []
  status = 204
})

const run: Run = {
  id: '0193602e-0000-7000-8000-000000000001',
  tenant: 'acme',
  task: 'people',
  kind: 'full',
  state: 'held',
  preview: false,
  requestedBy: 'schedule',
  only: null,
  undoes: null,
  requestedAt: now,
  startedAt: now,
  endedAt: now,
  heartbeatAt: now,
  counts: noCounts,
  guards: [{ guard: 'deletes', count: 24, limit: 20 }],
  approvedBy: null,
  undoneBy: null,
  failure: null,
}
const send = (hook: { secret?: string }) =>
  sendWebhook({ url, on: 'every', ...hook }, run, now, new AbortController().signal)

test('a webhook is told what became of a run, signed so that it knows who says so', async () => {
  await send({ secret })
  const [{ headers, body } = { headers: {}, body: '' }] = taken
  expect(JSON.parse(body)).toMatchObject({
    event: 'sync.run.ended',
    sentAt: '2026-11-25T02:15:09.000Z',
    attention: true,
    run: { task: 'people', state: 'held', guards: [{ guard: 'deletes', count: 24, limit: 20 }] },
  })
  expect(headers['idaas-signature']).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
})

test('one without a secret is not signed', async () => {
  await send({})
  expect(taken.map(({ headers }) => headers['idaas-signature'])).toEqual([undefined])
})

test.each([500, 404, 302])('an answer %i is no receipt, and no redirection is followed', async (code) => {
  status = code
  await expect(send({ secret })).rejects.toThrow(/the webhook answered|fetch failed/)
  expect(taken).toHaveLength(1)
})

test('who wants to know of trouble alone hears of that alone', async () => {
  const queued: unknown[] = []
  const jobs = { send: async (...job: unknown[]) => void queued.push(job) }
  const webhooks = [{ url, on: 'attention' as const }]
  await queueWebhooks({ ...run, state: 'done', guards: [] }, webhooks, jobs)
  expect(queued).toEqual([])
  const conflict = { ...run, state: 'done', guards: [], counts: { ...noCounts, conflicts: 1 } } as const
  for (const one of [run, conflict]) await queueWebhooks(one, webhooks, jobs)
  expect(queued).toEqual([
    ['sync.webhook', { tenant: 'acme', run: run.id, url }],
    ['sync.webhook', { tenant: 'acme', run: run.id, url }],
  ])
})
