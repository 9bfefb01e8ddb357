import type { Audience } from '../config/role-schema.ts'
import type { Actor } from './actor.ts'

/** Whom the actor counts as when they look at the person with that id. */
export function audienceOf(actor: Actor, target?: { directory: string; id: string }): Audience {
  switch (actor.kind) {
    case 'anonymous':
      return 'public'
    case 'client':
      return 'application'
    case 'person': {
      const { person } = actor
      if (target !== undefined && person.id === target.id && person.directory === target.directory)
        return 'self'
      return actor.roles.some((role) => role.permissions.includes('account.read')) ? 'agent' : 'person'
    }
  }
}
