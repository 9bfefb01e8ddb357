import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../src/access/actor.ts'
import { hasScope } from '../../src/access/permit.ts'
import type { ApiScope } from '../../src/config/permission.ts'
import { Problem } from '../../src/problems/problem.ts'

/** Who looks, when the tenant lets them: anyone where the white pages are public, else the signed-in. A token needs the scope everywhere. */
export async function mayLook(request: FastifyRequest, scope: ApiScope): Promise<Actor> {
  const actor = await request.actor()
  if (actor.kind === 'anonymous') {
    if (actor.tenant.config.whitePages.access === 'public') return actor
    throw new Problem('not-signed-in')
  }
  if (!hasScope(actor, scope)) throw new Problem('insufficient-scope')
  return actor
}
