/** What a role may allow. Configuration names these; a permit is made for one of them. */
export const permissions = [
  'account.read',
  'account.reset',
  'account.require-change',
  'account.unlock',
  'account.lock',
  'account.disable',
  'account.enable',
  'account.validity',
  'account.rename',
  'audit.read',
  'directory.check',
  'sync.read',
  'sync.run',
] as const
export type Permission = (typeof permissions)[number]

/** Scopes of OpenID Connect that a client may ask for: what it learns of a person, and whether it stays signed in without them. */
export const oidcScopes = ['openid', 'profile', 'email', 'phone', 'groups', 'offline_access'] as const

/** Scopes of the API (design, section 4). */
export const apiScopes = [
  'people.read',
  'groups.read',
  'accounts.read',
  'accounts.manage',
  'sync.read',
  'sync.run',
  'audit.read',
] as const
export type ApiScope = (typeof apiScopes)[number]
