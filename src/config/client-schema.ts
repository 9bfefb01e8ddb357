import { z } from 'zod'
import { apiScopes, oidcScopes } from './permission.ts'

const webAddress = (description: string) =>
  // These become links and requests: `javascript:` and `file:` would pass as URLs too.
  z.url({ protocol: /^https?$/, error: 'a URL https:// or http://' }).describe(description)

/** An application that signs people in (OpenID Connect client). */
export const clientSchema = z.strictObject({
  id: z.string().min(1).describe('`client_id`, unique in the tenant. `portal` is taken by our own pages.'),
  name: z.string().optional().describe('What people see; the id when absent.'),
  secret: z
    .string()
    .min(8)
    .optional()
    .describe(
      '`client_secret`. Absent for a public client (a page or an app on a device), which then needs PKCE.',
    )
    .meta({ writeOnly: true }),
  redirectUris: z
    .array(z.url({ error: 'a URL' }))
    .default([])
    .describe('Addresses that a code may be sent to. Compared exactly: no wildcards.'),
  postLogoutRedirectUris: z
    .array(z.url({ error: 'a URL' }))
    .default([])
    .describe('Addresses that people may be sent to after signing out.'),
  grants: z
    .array(z.enum(['authorization_code', 'refresh_token', 'client_credentials']))
    .default(['authorization_code'])
    .describe('What the client may do: sign people in, stay signed in, act for itself.'),
  scopes: z
    .array(z.enum(oidcScopes))
    .default(['openid', 'profile', 'email'])
    .describe('OpenID Connect scopes it may ask for.'),
  apiScopes: z.array(z.enum(apiScopes)).default([]).describe('Scopes of our API it may ask for.'),
  requirePkce: z
    .boolean()
    .default(true)
    .describe('PKCE may be waived for one old application; the audit says so at every use.'),
  consent: z
    .enum(['ask', 'implied'])
    .default('ask')
    .describe('`implied` for a first-party application: its people are not asked.'),
  idTokenAlgorithm: z.enum(['RS256', 'ES256']).default('RS256').describe('Algorithm that signs ID tokens.'),
  home: webAddress('Its start page. When set, the portal shows the application as a tile.').optional(),
})
export type ClientConfig = z.infer<typeof clientSchema>
