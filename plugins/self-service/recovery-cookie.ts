import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tenant } from '../../src/tenants/tenant.ts'

export const finishPath = '/recover/finish'

/** Takes the link's token out of the address, where histories and proxies would keep it, into a cookie that only this form gets back. */
export function keepToken(reply: FastifyReply, tenant: Tenant, token: string): FastifyReply {
  const maxAge = tenant.config.recovery.lifetime * 60
  return reply.setCookie(nameOf(tenant), token, { ...attributes(tenant), maxAge })
}

/** Empty when there is none. */
export function keptToken({ cookies, tenant }: FastifyRequest): string {
  return cookies[nameOf(tenant)] ?? ''
}

export function forgetToken(reply: FastifyReply, tenant: Tenant): FastifyReply {
  return reply.clearCookie(nameOf(tenant), attributes(tenant))
}

function attributes(tenant: Tenant) {
  return { path: finishPath, httpOnly: true, sameSite: 'strict', secure: isHttps(tenant) } as const
}

// `__Host-` would want the path `/`.
function nameOf(tenant: Tenant): string {
  return isHttps(tenant) ? '__Secure-recovery' : 'recovery'
}

function isHttps({ issuer }: Tenant): boolean {
  return issuer.startsWith('https:')
}
