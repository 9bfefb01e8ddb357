import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Permit } from '../../src/access/permit.ts'
import { readAudit } from '../../src/accounts/read-audit.ts'
import { auditActions } from '../../src/audit/event.ts'
import type { AuditPage } from '../../src/audit/list-events.ts'
import { refuseInvalid } from '../validation.ts'
import type { FaultText } from '../web/form.ts'
import { formProblem } from '../web/form-problem.ts'
import { startOfDay } from '../web/time.ts'
import { viewerOf } from '../web/viewer.ts'
import { auditPage, type AuditFilter } from './audit-page.ts'
import type { AuditServices } from './audit-services.ts'

const PAGE = 50
const DAY = 86_400_000
const day = z.union([z.literal(''), z.iso.date()]).default('')

const filterQuery = z.strictObject({
  person: z.string().trim().max(1_000).default(''),
  action: z.enum(['', ...auditActions]).default(''),
  from: day,
  to: day,
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
})

const noFilter: AuditFilter = { person: '', action: '', from: '', to: '' }

/** `/audit`: the trail with a filter. */
export const auditRoutes: FastifyPluginAsyncZod<AuditServices> = async (app, services) => {
  app.get(
    '/audit',
    { schema: { querystring: filterQuery }, attachValidation: true },
    async (request, reply) => {
      const { t, locale, id: requestId, ip: address } = request
      const actor = await request.actor()
      const permit = Permit.for(actor, 'audit.read')
      const filter: AuditFilter = request.validationError === undefined ? request.query : noFilter
      let page: AuditPage | null = null
      let faults: FaultText[] = []
      try {
        refuseInvalid(request)
        const origin = { requestId, address }
        const needsPerson = permit.reach !== null && filter.person === ''
        if (needsPerson) faults = [{ field: '', text: t('audit.askPerson') }]
        else page = await readAudit(services, permit, questionOf(filter), origin, services.clock())
      } catch (error) {
        const problem = formProblem(t, error)
        reply.code(problem.status)
        faults = problem.faults
      }
      const main = auditPage({ t, locale }, filter, page, faults)
      return reply.page({ title: t('audit.title'), section: 'audit', viewer: viewerOf(actor), main })
    },
  )
}

function questionOf({ person, action, from, to, cursor }: AuditFilter) {
  return {
    limit: PAGE,
    ...(person !== '' && { person }),
    ...(action !== '' && { action }),
    ...(from !== '' && { from: startOfDay(from) }),
    // The last day counts in full.
    ...(to !== '' && { to: startOfDay(dayAfter(to)) }),
    ...(cursor !== undefined && { after: cursor }),
  }
}

function dayAfter(text: string): string {
  return new Date(Date.parse(text) + DAY).toISOString().slice(0, 10)
}
