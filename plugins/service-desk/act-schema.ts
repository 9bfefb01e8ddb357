import { z } from 'zod'
import { idempotencyHeader } from '../idempotency.ts'
import { scopes } from '../openapi.ts'
import { loginParams } from './account-api.ts'

/** What every act of the API has: each takes an Idempotency-Key. */
export const actSchema = {
  tags: ['Accounts'],
  security: scopes('accounts.manage'),
  headers: idempotencyHeader,
  params: loginParams,
}

export const reason = z
  .string()
  .max(500)
  .optional()
  .describe('Kept in the audit. The tenant may ask for one.')

export const actAnswer = z.object({ changed: z.boolean().describe('False when it was so already.') })
