import type { Directory } from '../directory/directory.ts'
import { toDn } from '../ldap/dn.ts'
import type { Tenant } from '../tenants/tenant.ts'

/**
 * Costs what a wrong password costs, for a try that no account is to hear of: a bind at the decoy entry of the directory (of the first that has one, where
 * nobody was found), whose password nobody knows. Without a decoy it does nothing. Throws Problem `directory-unavailable`, as a real try would.
 */
export async function proveNobody(
  tenant: Tenant,
  directory: Directory | undefined,
  password: string,
): Promise<void> {
  const candidates =
    directory === undefined ? tenant.uses.signIn.map((branch) => branch.directory) : [directory]
  const one = candidates.find(({ settings }) => settings.decoy !== undefined)
  if (one?.settings.decoy === undefined || password === '') return
  await one.verifyPassword(toDn(one.settings.decoy), password)
}
