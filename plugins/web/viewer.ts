import type { Actor } from '../../src/access/actor.ts'
import { Permit } from '../../src/access/permit.ts'
import { maySync } from '../../src/access/sync-permit.ts'
import { first } from '../../src/ldap/entry.ts'
import type { TenantConfig } from '../../src/config/tenant-schema.ts'
import type { Section, Viewer } from './layout.ts'

/** The reader of a page: their name, and the parts of the service that they may use. */
export function viewerOf(actor: Actor): Viewer {
  const { config, directories } = actor.tenant
  if (actor.kind !== 'person') return visitor(config)
  const names = directories.get(actor.person.directory)?.attributes.displayName ?? []
  const named = names.map((name) => first(actor.entry, name)).find((name) => name !== undefined)
  const sections: Section[] = ['portal', 'people', 'groups']
  if (Permit.allows(actor, 'account.read')) sections.push('desk')
  if (maySync(actor, 'sync.read')) sections.push('sync')
  if (Permit.allows(actor, 'audit.read')) sections.push('audit')
  if (Permit.allows(actor, 'directory.check')) sections.push('checkup')
  return { displayName: named ?? actor.person.login, sections: [...sections, 'account'] }
}

/** The reader who has not signed in, or of whom nothing is known when something failed. */
export function visitor(config: TenantConfig): Viewer {
  return { displayName: null, sections: config.whitePages.access === 'public' ? ['people', 'groups'] : [] }
}
