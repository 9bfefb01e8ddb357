import type { ClientActor, PersonActor } from '../../src/access/actor.ts'

/** How runs and freezes name who asked for them: a login, or the id of a client. The audit knows more. */
export function nameOf(agent: PersonActor | ClientActor): string {
  return agent.kind === 'person' ? agent.person.login : agent.client
}
