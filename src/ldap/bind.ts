import { call } from './call.ts'
import type { Channel, ExchangeOptions } from './channel.ts'
import { LdapFailure } from './failure.ts'
import { resultCode } from './result-code.ts'
import { expectSuccess, type Outcome } from './result.ts'
import { Secret } from './secret.ts'

/**
 * Who binds. `sasl: 'EXTERNAL'` takes the identity of the TLS certificate or of the unix socket's peer; a mechanism of
 * several steps answers each challenge of the server in `step`.
 */
export type Credentials =
  | { readonly dn: string; readonly password: string | Buffer | Secret }
  | {
      readonly sasl: string
      readonly initial?: Buffer
      readonly step?: (challenge: Buffer) => Buffer | Promise<Buffer>
    }

const NO_BYTES: Buffer = Buffer.alloc(0)

/**
 * Refuses a DN with an empty password before anything is sent: servers answer it with success, as anonymous
 * (RFC 4513, 5.1.2), and whoever trusts that has let anybody in.
 */
export function refuseEmptyPassword(credentials: Credentials): void {
  if ('sasl' in credentials || credentials.dn === '') return
  const { password } = credentials
  const empty = password instanceof Secret ? password.empty : password.length === 0
  if (empty) throw new LdapFailure('empty-password', 'a bind needs a password')
}

/** Binds. The outcome has the controls of the server (password policy warnings); so has the `LdapError` of a refusal. */
export async function bind(
  channel: Channel,
  credentials: Credentials,
  options: ExchangeOptions,
): Promise<Outcome> {
  if ('sasl' in credentials) return saslBind(channel, credentials, options)
  refuseEmptyPassword(credentials)
  const { dn, password } = credentials
  const authentication = {
    method: 'simple',
    password: password instanceof Secret ? password : new Secret(password),
  } as const
  return expectSuccess(await call(channel, { type: 'bind', version: 3, dn, authentication }, options))
}

async function saslBind(
  channel: Channel,
  { sasl, initial, step }: Extract<Credentials, { sasl: string }>,
  options: ExchangeOptions,
): Promise<Outcome> {
  // EXTERNAL begins with the client's identity, empty for "who TLS or the socket says" (RFC 4422, A.1); without it slapd
  // answers with a challenge.
  let credentials = initial ?? (sasl === 'EXTERNAL' ? NO_BYTES : undefined)
  for (;;) {
    const authentication = {
      method: 'sasl',
      mechanism: sasl,
      ...(credentials && { credentials: new Secret(credentials) }),
    } as const
    const outcome = await call(channel, { type: 'bind', version: 3, dn: '', authentication }, options)
    if (outcome.code !== resultCode.saslBindInProgress || !step) return expectSuccess(outcome)
    credentials = await step(outcome.serverCredentials ?? NO_BYTES)
  }
}
