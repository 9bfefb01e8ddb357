import { createHash, randomBytes } from 'node:crypto'
import { client } from './http-site.ts'
import type { Answer, Visitor } from './http-visitor.ts'
import { requireRight, WrongAnswer } from './wrong-answer.ts'

/** A browser without a session signs in for the application; gives the code. */
export async function codeBySignIn(visitor: Visitor, login: string): Promise<void> {
  const { url } = newFlow()
  await throughForm(visitor, await visitor.get(url), login)
}

async function throughForm(visitor: Visitor, start: Answer, login: string): Promise<Answer> {
  requireRight(start.location.includes('/sign-in/'), 'the way to the form', start)
  const form = await visitor.get(start.location)
  const csrf = /name="_csrf"\s+value="([^"]+)"/.exec(form.text)?.[1]
  if (csrf === undefined) throw new WrongAnswer('a form', form)
  const posted = await visitor.post(start.location, { login, password: `pw-${login}`, _csrf: csrf })
  requireRight(posted.status === 303, 'a sign-in', posted)
  const resumed = await visitor.get(posted.location)
  requireRight(resumed.status === 303 && !resumed.location.includes('error='), 'the way back', resumed)
  return resumed
}

/** A person signs in to our own pages. */
export async function signIn(visitor: Visitor, origin: string, login: string): Promise<void> {
  const start = await visitor.get('/sign-in?to=/people')
  const back = await throughForm(visitor, await visitor.get(start.location), login)
  requireRight(back.location.startsWith(`${origin}/signed-in`), 'back on our pages', back)
}

type Flow = { readonly url: string; readonly verifier: string; readonly nonce: string }

function newFlow(): Flow {
  const [verifier, nonce] = [randomBytes(32).toString('base64url'), randomBytes(12).toString('base64url')]
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: randomBytes(12).toString('base64url'),
    nonce,
  })
  return { url: `/oauth2/authorize?${query.toString()}`, verifier, nonce }
}

/** An application gets its tokens by the session that the browser has. */
export async function codeFlow(visitor: Visitor): Promise<Tokens> {
  const { url, verifier, nonce } = newFlow()
  const answer = await visitor.get(url)
  const code = URL.parse(answer.location)?.searchParams.get('code')
  if (code === undefined || code === null) throw new WrongAnswer('a code', answer)
  const tokens = await tokenRequest(visitor, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })
  const [header, claims] = tokens.id_token
    .split('.', 2)
    .map((part) => Buffer.from(part, 'base64url').toString())
  if (!header?.includes('"RS256"') || !claims?.includes(nonce))
    throw new Error(`another id_token: ${header} ${claims}`)
  return tokens
}

export async function clientToken(visitor: Visitor, scope: string): Promise<string> {
  return (await tokenRequest(visitor, { grant_type: 'client_credentials', scope })).access_token
}

type Tokens = { readonly access_token: string; readonly id_token: string; readonly refresh_token: string }

export async function tokenRequest(
  visitor: Visitor,
  fields: Readonly<Record<string, string>>,
): Promise<Tokens> {
  const authorization = `Basic ${btoa(`${client.id}:${client.secret}`)}`
  const answer = await visitor.post('/oauth2/token', fields, { authorization, accept: 'application/json' })
  const text = (name: string): string => new RegExp(`"${name}":"([^"]+)"`).exec(answer.text)?.[1] ?? ''
  requireRight(answer.status === 200 && text('access_token') !== '', 'tokens', answer)
  return {
    access_token: text('access_token'),
    id_token: text('id_token'),
    refresh_token: text('refresh_token'),
  }
}
