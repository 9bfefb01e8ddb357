import type { FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { Actor, PersonActor } from '../src/access/actor.ts'
import { personRefOf } from '../src/accounts/person.ts'
import type { ApiScope } from '../src/config/permission.ts'
import { Problem } from '../src/problems/problem.ts'
import type { FindLiveAccount } from './live-accounts.ts'

/** A signed-in browser. */
export type BrowserSession = {
  accountId: string
  /** Names the session without opening it. */
  uid: string
  /** When the password was proven, in seconds since the epoch. */
  loginTs: number
}

/** Whom a bearer token speaks for, and what it was issued for. */
export type TokenSubject =
  | { kind: 'person'; accountId: string; client: string; scopes: ReadonlySet<ApiScope> }
  | { kind: 'client'; client: string; scopes: ReadonlySet<ApiScope> }

export type SessionOptions = {
  /** Null when the browser is not signed in. */
  findSession(request: FastifyRequest): Promise<BrowserSession | null>
  /** Null for a token that is unknown, expired or revoked. */
  findToken(request: FastifyRequest, token: string): Promise<TokenSubject | null>
  findAccount: FindLiveAccount
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes the request. Throws Problem `invalid-token` for a bearer token that is not good: such a request is never anonymous. */
    actor(): Promise<Actor>
    /** The session of the browser; null for none, and for requests with a bearer token. */
    browserSession(): Promise<BrowserSession | null>
    foundActor: Promise<Actor> | null
    foundSession: Promise<BrowserSession | null> | null
  }
}

/** Tells who makes a request: a cookie or a bearer token becomes an actor. Found once, and only when a route asks. */
export const session = plugin<SessionOptions>(async (app, options) => {
  app.decorateRequest('foundActor', null)
  app.decorateRequest('foundSession', null)
  app.decorateRequest('browserSession', function browserSession(this: FastifyRequest) {
    const { authorization } = this.headers
    this.foundSession ??= authorization === undefined ? options.findSession(this) : Promise.resolve(null)
    return this.foundSession
  })
  app.decorateRequest('actor', function actor(this: FastifyRequest) {
    this.foundActor ??= findActor(this, options)
    return this.foundActor
  })
})

/** The signed-in person. Throws Problem `not-signed-in`, which sends the readers of pages to the sign-in and back. */
export async function requirePerson(request: FastifyRequest): Promise<PersonActor> {
  const actor = await request.actor()
  if (actor.kind !== 'person') throw new Problem('not-signed-in')
  return actor
}

async function findActor(request: FastifyRequest, options: SessionOptions): Promise<Actor> {
  const { tenant } = request
  const { authorization } = request.headers
  if (authorization !== undefined) return await bearerActor(request, authorization, options)
  const found = await request.browserSession()
  const actor = found === null ? null : await personActor(request, found.accountId, options)
  return actor ?? { kind: 'anonymous', tenant }
}

async function bearerActor(request: FastifyRequest, header: string, options: SessionOptions): Promise<Actor> {
  const { tenant } = request
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(header)?.[1]
  const subject = token === undefined ? null : await options.findToken(request, token)
  if (subject === null) throw new Problem('invalid-token')
  const { client, scopes } = subject
  if (subject.kind === 'client') {
    const roles = tenant.config.roles.filter((role) => role.clients.includes(client))
    return { kind: 'client', tenant, client, roles, scopes }
  }
  const actor = await personActor(request, subject.accountId, options)
  if (actor === null) throw new Problem('invalid-token')
  return { ...actor, client, scopes }
}

/** Null when the account is gone or must not go on. */
async function personActor(
  { tenant }: FastifyRequest,
  accountId: string,
  { findAccount }: SessionOptions,
): Promise<PersonActor | null> {
  const found = await findAccount(tenant, accountId)
  if (found === null) return null
  const { branch, entry, roles } = found
  return {
    kind: 'person',
    tenant,
    person: personRefOf(branch.directory, entry),
    entry,
    roles,
    scopes: 'session',
  }
}
