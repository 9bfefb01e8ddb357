import { showDeleted } from '../../../../src/ldap/controls/show-deleted.ts'
import { bytes, first } from '../../../../src/ldap/entry.ts'
import { filter } from '../../../../src/ldap/filter.ts'
import type { Operations } from '../../../../src/ldap/operations.ts'
import { guidText } from '../../../../src/directory/active-directory/object-guid.ts'
import { IncompleteSource } from '../../connector.ts'
import type { LdapSide } from '../ldap-side.ts'
import { allEntries } from '../read-entries.ts'
import { namingContextOf } from '../server-facts.ts'
import type { ChangeLog } from './change-log.ts'

/** The container of deleted objects (MS-ADTS, 6.1.1.4.4), by the name under which every domain has it. */
const DELETED_OBJECTS = '18E2EA80684F11D2B9AA00C04F79F805'

/**
 * Changes by the numbers that a domain controller gives them (uSNChanged): each has its own, and after a restore it is another one (invocationId). Deleted
 * objects are seen by who may list them, which is the administrators only unless somebody has said otherwise.
 */
export async function openUsnLog(side: LdapSide, connection: Operations): Promise<ChangeLog> {
  const here = { ...side, pool: connection }
  const context = namingContextOf(side.server, side.base)
  const { controller } = await whereNow(connection)
  return {
    way: 'usn',
    tellsDeletes: await seesDeleted(connection, context),
    now: async () => `${controller}/${(await whereNow(connection)).usn}`,
    async since(place) {
      const [at, from] = place.split('/')
      if (at !== controller || from === undefined) return undefined
      const { usn } = await whereNow(connection)
      // A smaller number: the controller was put back to an earlier time without being told so.
      if (BigInt(usn) < BigInt(from)) return undefined
      const changed: string[] = []
      const deleted: string[] = []
      if (usn !== from) {
        const query = {
          base: context,
          scope: 'sub' as const,
          filter: filter`(uSNChanged>=${String(BigInt(from) + 1n)})`,
          attributes: ['objectGUID', 'isDeleted'],
          controls: [showDeleted(false)],
        }
        for await (const entry of allEntries(here, query)) {
          const [guid] = bytes(entry, 'objectGUID')
          const ids = first(entry, 'isDeleted') === 'TRUE' ? deleted : changed
          if (guid !== undefined) ids.push(guidText(guid))
        }
      }
      return { changed, deleted, place: `${controller}/${usn}` }
    },
  }
}

type Where = { readonly controller: string; readonly usn: string }

/** Which controller this is, and the number of its last change. */
async function whereNow(connection: Operations): Promise<Where> {
  const rootDse = await connection.read('', { attributes: ['highestCommittedUSN', 'dsServiceName'] })
  const usn = rootDse && first(rootDse, 'highestCommittedUSN')
  const settings = rootDse && first(rootDse, 'dsServiceName')
  if (usn === undefined || settings === undefined)
    throw new IncompleteSource('refused', 'the domain controller does not say where it is')
  const entry = await connection.read(settings, { attributes: ['invocationId'] })
  const [invocation] = entry === undefined ? [] : bytes(entry, 'invocationId')
  return { usn, controller: invocation === undefined ? settings : guidText(invocation) }
}

async function seesDeleted(connection: Operations, context: string): Promise<boolean> {
  const container = `<WKGUID=${DELETED_OBJECTS},${context}>`
  const options = { attributes: ['uSNChanged'], controls: [showDeleted(false)] }
  const entry = await connection.read(container, options).catch(() => undefined)
  return entry !== undefined && first(entry, 'uSNChanged') !== undefined
}
