import { createHmac } from 'node:crypto'
import type { SyncConfig } from '../../src/config/sync-schema.ts'
import type { Run } from '../../src/store/sync-runs.ts'
import { webhookDocument } from './webhook-document.ts'

const TIMEOUT = 10_000

/**
 * Tells one address of a run. `Idaas-Signature: sha256=HEX` is the HMAC of the body, `sentAt` included, by the webhook's secret. Throws when it was not taken: the
 * job is done again.
 */
export async function sendWebhook(
  { url, secret }: SyncConfig['webhooks'][number],
  run: Run,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(webhookDocument(run, now))
  const signature = secret === undefined ? undefined : createHmac('sha256', secret).update(body).digest('hex')
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature !== undefined && { 'idaas-signature': `sha256=${signature}` }),
    },
    body,
    // What was told must not be handed on to an address that nobody has configured.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  })
  await response.body?.cancel()
  if (!response.ok) throw new WebhookRefused(response.status)
}

class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused'
  constructor(status: number) {
    super(`the webhook answered ${status}`)
  }
}
