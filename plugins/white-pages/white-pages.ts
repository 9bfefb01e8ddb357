import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { TenantPeople } from '../../src/accounts/people/tenant-people.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { groupApi } from './group-api.ts'
import { groupRoutes } from './group-routes.ts'
import { peopleApi } from './people-api.ts'
import { peopleRoutes } from './people-routes.ts'
import { photoRoutes } from './photo-routes.ts'
import { vcardRoutes } from './vcard-routes.ts'

export type WhitePagesOptions = { peopleOf: (tenant: Tenant) => TenantPeople }

/** People and groups of the organisation, as pages and as API, each as far as the reader may see them. */
export const whitePages: FastifyPluginAsyncZod<WhitePagesOptions> = async (app, { peopleOf }) => {
  await app.register(peopleRoutes, { peopleOf })
  await app.register(groupRoutes, { peopleOf })
  await app.register(peopleApi, { peopleOf })
  await app.register(groupApi, { peopleOf })
  await app.register(photoRoutes, { peopleOf })
  await app.register(vcardRoutes, { peopleOf })
}
