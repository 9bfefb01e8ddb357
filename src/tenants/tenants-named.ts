import { commandText } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'

/** The tenant of this name; without a name, the only one there is. Throws CannotStart for a name that nobody has, and with `whose` where there are several. */
export function tenantNamed<T extends { readonly name: string }>(
  tenants: readonly T[],
  name: string | undefined,
  whose: string,
): T {
  const [found, ...more] = tenantsNamed(tenants, name === undefined ? undefined : [name])
  if (found === undefined || more.length > 0) throw new CannotStart(whose)
  return found
}

/** The tenants of these names, in that order; all of them when none is named. Throws CannotStart for a name that nobody has. */
export function tenantsNamed<T extends { readonly name: string }>(
  tenants: readonly T[],
  names: readonly string[] | undefined,
): readonly T[] {
  if (names === undefined) return tenants
  return names.map((name) => {
    const found = tenants.find((tenant) => tenant.name === name)
    if (found === undefined)
      throw new CannotStart(
        commandText('command.tenant.unknown', { name, known: tenants.map((one) => one.name).join(', ') }),
      )
    return found
  })
}
