import { hash } from 'node:crypto'

/**
 * Key of an artefact in the ephemeral store. The id is what its bearer shows (a token, a cookie), so only its hash is written down:
 * a dump of the store is no login. Ids have 256 random bits, so that a fast hash without salt is enough.
 */
export function artefactKey(tenant: string, kind: string, id: string): string {
  return `oidc:${tenant}:${kind}:${hash('sha256', id, 'base64url')}`
}

/** The same for PostgreSQL, as bytes. */
export function artefactHash(id: string): Buffer {
  return hash('sha256', id, 'buffer')
}
