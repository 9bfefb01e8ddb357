import { parseEndpoint } from './endpoint.ts'
import { createPool, type Pool, type PoolOptions } from './pool.ts'
import { resultCode } from './result-code.ts'
import { LdapError } from './result.ts'

const LDAP_PORT = 389
const LDAPS_PORT = 636

/** Does something at the server that a refusal refers to; throws the refusal when that is none of ours. */
export type Referred = {
  follow<T>(refusal: unknown, act: (pool: Pool) => Promise<T>): Promise<T>
  close(deadline?: number): Promise<void>
}

/** Follows referrals (RFC 4511, 4.1.10) to the servers that the configuration names, each by a pool of its own that opens when first needed. */
export function createReferrals(options: PoolOptions & { primaries: readonly string[] }): Referred {
  const named = [...options.urls, ...options.primaries]
  const pools = new Map<string, Pool>()
  const poolAt = (url: string): Pool => {
    const pool = pools.get(url) ?? createPool({ ...options, urls: [url] })
    pools.set(url, pool)
    return pool
  }
  return {
    async follow(refusal, act) {
      const url =
        refusal instanceof LdapError && refusal.code === resultCode.referral
          ? match(refusal, named)
          : undefined
      if (url === undefined) throw refusal
      return await act(poolAt(url))
    },
    close: async (deadline) => {
      await Promise.all([...pools.values()].map((pool) => pool.close(deadline)))
    },
  }
}

/** The pool with its writes sent once more to where they are referred. Reads and binds are not: whoever reads takes what there is. */
export function withReferrals(pool: Pool, referred: Referred): Pool {
  const written = <T>(act: (at: Pool) => Promise<T>): Promise<T> =>
    act(pool).catch((refusal: unknown) => referred.follow(refusal, act))
  return {
    ...pool,
    add: (...given) => written((at) => at.add(...given)),
    modify: (...given) => written((at) => at.modify(...given)),
    modifyDn: (...given) => written((at) => at.modifyDn(...given)),
    delete: (...given) => written((at) => at.delete(...given)),
    passwordModify: (...given) => written((at) => at.passwordModify(...given)),
    asUser: async (dn, password, use, options) => {
      let isBound = false
      const act: typeof use = (connection, bound) => {
        isBound = true
        return use(connection, bound)
      }
      try {
        return await pool.asUser(dn, password, act, options)
      } catch (refusal) {
        if (!isBound) throw refusal
        return await referred.follow(refusal, (at) => at.asUser(dn, password, use, options))
      }
    },
    close: async (deadline) => {
      await Promise.all([pool.close(deadline), referred.close(deadline)])
    },
  }
}

function match({ referrals }: LdapError, named: readonly string[]): string | undefined {
  const keys = new Set(referrals.map(keyOf))
  return named.find((url) => keys.has(keyOf(url)))
}

/**
 * Which server a URL means. What else a referral says (`ldap://host/dn??sub`) is what was asked for, and the port for TLS is the same server as the one
 * without: we go to the URL that the configuration names.
 */
function keyOf(url: string): string {
  try {
    const endpoint = parseEndpoint(url)
    if (endpoint.type === 'unix') return endpoint.path
    return `${endpoint.host.toLowerCase()}:${endpoint.port === LDAPS_PORT ? LDAP_PORT : endpoint.port}`
  } catch {
    return ''
  }
}
