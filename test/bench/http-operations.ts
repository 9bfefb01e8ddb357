import { clientToken, codeBySignIn, codeFlow, signIn, tokenRequest } from './http-flows.ts'
import type { Act } from './http-load.ts'
import { loginOf, narrowSearches, wideSearches } from './http-people.ts'
import type { Site } from './http-site.ts'
import type { Visitor } from './http-visitor.ts'
import { requireRight } from './wrong-answer.ts'

export type Operation = {
  readonly name: string
  readonly title: string
  /** Operations in a second of CPU that we want to reach; absent where nothing was set. */
  readonly target?: number
  /** What one connection does; `lane` is its number. May sign in first. */
  prepare(visitor: Visitor, lane: number, site: Site): Act | Promise<Act>
}

// Three kinds of accounts: signed in by lane, signed in again and again, reset (who must then change the password).
const LANE_ACCOUNTS = 100
const SIGN_IN_ACCOUNTS = 1_000
const RESET_ACCOUNTS = 5_000

export const operations: readonly Operation[] = [
  {
    name: 'search',
    title: 'people search, 10 hits, HTML',
    target: 1_300,
    prepare(visitor, _, { people }) {
      const searches = narrowSearches(people)
      return async (turn) => {
        const { text, logins } = pick(searches, turn)
        const answer = await visitor.get(`/people?q=${encodeURIComponent(text)}`)
        requireRight(
          logins.every((login) => answer.text.includes(`"/people/${login}"`)),
          `hits of ${text}`,
          answer,
        )
      }
    },
  },
  {
    name: 'search100',
    title: 'people search, 100 hits, API',
    target: 400,
    prepare(visitor, _, { people }) {
      const searches = wideSearches(people)
      return async (turn) => {
        const path = `/api/v1/people?limit=100&q=${encodeURIComponent(pick(searches, turn))}`
        const answer = await visitor.get(path, { accept: 'application/json' })
        requireRight(answer.text.split('"familyName":').length === 101, 'a hundred hits', answer)
      }
    },
  },
  {
    name: 'card',
    title: 'card, HTML',
    target: 1_300,
    prepare:
      (visitor, _, { people }) =>
      async (turn) => {
        const login = loginOf(100 + (scatter(turn) % (people - 100)))
        const answer = await visitor.get(`/people/${login}`)
        requireRight(
          answer.status === 200 && answer.text.includes(`"/people/${login}/vcard"`),
          'a card',
          answer,
        )
      },
  },
  {
    name: 'account',
    title: 'agent’s account page, HTML',
    target: 1_000,
    async prepare(visitor, _, { people, origin }) {
      await signIn(visitor, origin, 'hugo')
      return async (turn) => {
        const login = loginOf(100 + (scatter(turn) % (people - 100)))
        const answer = await visitor.get(`/desk/${login}`)
        requireRight(answer.status === 200 && answer.text.includes(`/desk/${login}/`), 'an account', answer)
      }
    },
  },
  {
    name: 'reset',
    title: 'password reset with audit, API',
    target: 1_100,
    async prepare(visitor, _, { people }) {
      const token = await clientToken(visitor, 'accounts.manage')
      return async (turn) => {
        const login = loginOf(RESET_ACCOUNTS + (turn % (people - RESET_ACCOUNTS)))
        const path = `/api/v1/accounts/${login}/password-reset`
        const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
        const answer = await visitor.postJson(path, { generate: true }, headers)
        requireRight(
          answer.status === 200 && /^\{"password":"[^"]{12,}","complete":true/.test(answer.text),
          'a reset',
          answer,
        )
      }
    },
  },
  documentOperation('discovery', '/.well-known/openid-configuration', '"issuer":'),
  documentOperation('jwks', '/oauth2/jwks', '"keys":'),
  {
    name: 'sign-in',
    title: 'sign-in: authorize, form, POST, resume',
    target: 250,
    prepare: (visitor) => async (turn) => {
      visitor.forget()
      await codeBySignIn(visitor, loginOf(SIGN_IN_ACCOUNTS + (turn % (RESET_ACCOUNTS - SIGN_IN_ACCOUNTS))))
    },
  },
  {
    name: 'code',
    title: 'code flow with a session, RS256',
    target: 285,
    async prepare(visitor, lane) {
      await codeBySignIn(visitor, loginOf(LANE_ACCOUNTS + lane))
      return async () => void (await codeFlow(visitor))
    },
  },
  {
    name: 'refresh',
    title: 'refresh with rotation',
    async prepare(visitor, lane) {
      await codeBySignIn(visitor, loginOf(LANE_ACCOUNTS + lane))
      let { refresh_token: token } = await codeFlow(visitor)
      return async () => {
        const before = token
        token = (await tokenRequest(visitor, { grant_type: 'refresh_token', refresh_token: before }))
          .refresh_token
        if (token === before || token === '') throw new Error('no new refresh token')
      }
    },
  },
  {
    name: 'client',
    title: 'client_credentials',
    target: 1_100,
    prepare: (visitor) => async () => void (await clientToken(visitor, 'accounts.read')),
  },
]

function documentOperation(name: string, path: string, content: string): Operation {
  return {
    name,
    title: name,
    target: 10_000,
    prepare: (visitor) => async () => {
      const answer = await visitor.get(path)
      requireRight(answer.status === 200 && answer.text.includes(content), name, answer)
    },
  }
}

function pick<T>(values: readonly T[], turn: number): T {
  const value = values[scatter(turn) % values.length]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

/** Neighbours in turn are not neighbours in the directory. */
function scatter(turn: number): number {
  return turn * 7_919
}
