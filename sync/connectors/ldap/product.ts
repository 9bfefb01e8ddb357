import type { DirectoryKind } from '../../../src/config/directory-schema.ts'
import { activeDirectory } from '../../../src/directory/active-directory/active-directory.ts'
import { guidText } from '../../../src/directory/active-directory/object-guid.ts'
import { ds389 } from '../../../src/directory/ds389/ds389.ts'
import { openLdap } from '../../../src/directory/openldap/openldap.ts'
import { attr } from '../../../src/ldap/attribute-name.ts'
import { filter, type Filter } from '../../../src/ldap/filter.ts'

/** How a product names its entries for ever. */
export type Product = {
  readonly kind: DirectoryKind
  readonly idAttribute: string
  /** The product itself names entries by it, when it tells that they are gone. */
  readonly isOwnId: boolean
  idOf(value: Buffer): string
  /** Finds the entry with this id. */
  idFilter(id: string): Filter
}

const flavours = { openldap: openLdap, 'active-directory': activeDirectory, ds389 }

/** `idAttribute`: another one than the product's own, text. */
export function productOf(kind: DirectoryKind, idAttribute?: string): Product {
  const flavour = flavours[kind]
  if (idAttribute !== undefined && idAttribute.toLowerCase() !== flavour.idAttribute.toLowerCase())
    return {
      kind,
      idAttribute,
      isOwnId: false,
      idOf: asText,
      idFilter: (id) => filter`(${attr(idAttribute)}=${id})`,
    }
  const idOf = kind === 'active-directory' ? guidText : asText
  const idFilter = (id: string): Filter => flavour.idFilter(id)
  return { kind, idAttribute: flavour.idAttribute, isOwnId: true, idOf, idFilter }
}

function asText(value: Buffer): string {
  return value.toString('utf8')
}
