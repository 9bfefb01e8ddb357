import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { readAudit } from '../../src/accounts/read-audit.ts'
import { auditActions } from '../../src/audit/event.ts'
import { originOf } from '../request-origin.ts'
import { problems, scopes } from '../openapi.ts'
import type { AuditServices } from './audit-services.ts'
import { eventDocument, eventSchema } from './event-document.ts'

const listQuery = z.strictObject({
  action: z.enum(auditActions).optional(),
  person: z
    .string()
    .max(1_000)
    .optional()
    .describe('Login of who did it or to whom it was done; the id of the account for somebody who has left.'),
  from: z.iso.datetime({ offset: true }).optional().describe('Not before.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most items on a page.'),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .describe('`next` of the page before, for the same question.'),
})

/** `GET /api/v1/audit`. */
export const auditApi: FastifyPluginAsyncZod<AuditServices> = async (app, { audit, trail, clock }) => {
  app.get(
    '/api/v1/audit',
    {
      schema: {
        tags: ['Audit'],
        security: scopes('audit.read'),
        summary: 'Read the audit trail, newest first',
        description: 'Reading it leaves an event.',
        querystring: listQuery,
        response: {
          200: z.object({
            items: z.array(eventSchema),
            next: z.string().nullable().describe('`cursor` of the next page; null on the last.'),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const permit = Permit.for(await request.actor(), 'audit.read')
      const { action, person, from, to, limit, cursor } = request.query
      const query = {
        limit,
        ...(action !== undefined && { action }),
        ...(person !== undefined && { person }),
        ...(from !== undefined && { from: new Date(from) }),
        ...(to !== undefined && { to: new Date(to) }),
        ...(cursor !== undefined && { after: cursor }),
      }
      const { items, next } = await readAudit({ audit, trail }, permit, query, originOf(request), clock())
      return { items: items.map(eventDocument), next }
    },
  )
}
