import { z } from 'zod'
import { apiScopes } from './permission.ts'

/** An application that signs people in (OpenID Connect client). Secrets are given as SHA-256 (`secretHash`) or, for the demo, clear. */
export const clientSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  secret: z.string().min(8).optional(),
  redirectUris: z.array(z.url()).default([]),
  postLogoutRedirectUris: z.array(z.url()).default([]),
  backchannelLogoutUri: z.url().optional(),
  grants: z.array(z.enum(['authorization_code', 'refresh_token', 'client_credentials'])).default(['authorization_code']),
  scopes: z.array(z.string()).default(['openid', 'profile', 'email']),
  apiScopes: z.array(z.enum(apiScopes)).default([]),
  /** PKCE may be waived for one old application; the audit says so at every use. */
  requirePkce: z.boolean().default(true),
  /** A first-party application: its people are not asked for consent. */
  consent: z.enum(['ask', 'implied']).default('ask'),
  idTokenAlgorithm: z.enum(['RS256', 'ES256']).default('RS256'),
  /** Shown in the portal as a tile when set. */
  home: z.url().optional(),
})
export type ClientConfig = z.infer<typeof clientSchema>
