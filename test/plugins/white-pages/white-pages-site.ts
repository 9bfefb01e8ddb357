import type { LightMyRequestResponse } from 'fastify'
import type { z } from 'zod'
import { createLiveAccounts } from '../../../plugins/live-accounts.ts'
import { openapi } from '../../../plugins/openapi.ts'
import { session, type TokenSubject } from '../../../plugins/session.ts'
import { viewerOf } from '../../../plugins/web/viewer.ts'
import { whitePages } from '../../../plugins/white-pages/white-pages.ts'
import { accountIdOf } from '../../../src/accounts/account-id.ts'
import { everyAttribute, findByLogin } from '../../../src/accounts/find-entry.ts'
import { personRefOf } from '../../../src/accounts/person.ts'
import type { ApiScope } from '../../../src/config/permission.ts'
import type { tenantSchema } from '../../../src/config/tenant-schema.ts'
import type { Tenant } from '../../../src/tenants/tenant.ts'
import { setUpPeople, type PeopleSetup } from '../../accounts/people/people-setup.ts'
import type { Slapd } from '../../support/slapd.ts'
import { openTestFrame, type TestFrame } from '../web-frame.ts'

export type Site = PeopleSetup & {
  app: TestFrame['app']
  /** Asks with the host of the tenant. `as`: cookie or token of `asPerson`, `asClient`. */
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
}

const host = 'localhost:8080'

/** The white pages over a test directory. Who asks is told by the test: sign-in and tokens have tests of their own. */
export async function openSite(
  slapd: Slapd,
  changes: Partial<z.input<typeof tenantSchema>> = {},
): Promise<Site> {
  const setup = await setUpPeople(slapd, { whitePages: { access: 'public' }, ...changes })
  const { tenant, people } = setup
  const findAccount = createLiveAccounts(() => new Date())
  const { app } = await openTestFrame(
    [tenant],
    () => {},
    {},
    async (frame) => {
      await frame.register(session, {
        findAccount,
        findSession: async ({ cookies }) => {
          const login = cookies['test-login']
          if (login === undefined) return null
          return { accountId: await idOf(tenant, login), uid: login, loginTs: 0 }
        },
        findToken: async (_request, token): Promise<TokenSubject> => ({
          kind: 'client',
          client: 'cli',
          scopes: new Set(token.split('~').filter((scope): scope is ApiScope => scope !== '')),
        }),
      })
      await frame.register(openapi, { viewer: async (request) => viewerOf(await request.actor()) })
      await frame.register(whitePages, { peopleOf: () => people })
    },
  )
  return {
    ...setup,
    app,
    get: async (url, headers = {}) =>
      await app.inject({ url, headers: { host, 'accept-language': 'en', ...headers } }),
    async close() {
      await app.close()
      await setup.close()
    },
  }
}

export const asPerson = (login: string) => ({ cookie: `test-login=${login}` })
export const asClient = (...scopes: ApiScope[]) => ({ authorization: `Bearer ~${scopes.join('~')}` })

async function idOf(tenant: Tenant, login: string): Promise<string> {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) throw new Error(`nobody has the login ${login}`)
  return accountIdOf(personRefOf(found.branch.directory, found.entry))
}
