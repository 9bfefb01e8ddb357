import type { DirectoryConfig, DirectoryKind } from '../config/directory-schema.ts'
import { first, text, type Entry } from '../ldap/entry.ts'
import { createPool } from '../ldap/pool.ts'
import { poolOptions } from './open-directory.ts'
import { orUnavailable } from './unavailable.ts'

/** LDAP_CAP_ACTIVE_DIRECTORY_OID (MS-ADTS, 3.1.1.3.4.3); Samba names it too. */
const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800'

export const rootDseAttributes = ['vendorName', 'vendorVersion', 'supportedCapabilities', 'objectClass']

/** The directory's product: what the configuration says, else what the server says of itself. Throws Problem `directory-unavailable`. */
export async function detectKind(config: DirectoryConfig): Promise<DirectoryKind> {
  if (config.kind !== undefined) return config.kind
  const pool = createPool(poolOptions(config))
  try {
    const rootDse = await orUnavailable(() => pool.read('', { attributes: rootDseAttributes }))
    return rootDse === undefined ? 'openldap' : kindOf(rootDse)
  } finally {
    await pool.close()
  }
}

/** OpenLDAP for any other server: it is the one that keeps to the standards the others extend. */
export function kindOf(rootDse: Entry): DirectoryKind {
  if (text(rootDse, 'supportedCapabilities').includes(ACTIVE_DIRECTORY)) return 'active-directory'
  return /389/.test(first(rootDse, 'vendorName') ?? first(rootDse, 'vendorVersion') ?? '')
    ? 'ds389'
    : 'openldap'
}
