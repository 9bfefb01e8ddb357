import { type Entry, makeEntry } from '../../ldap/entry.ts'
import { supportedControls } from './supported-controls.ts'
import { CANCEL } from '../../ldap/extended/cancel.ts'
import { PASSWORD_MODIFY } from '../../ldap/extended/password-modify.ts'
import { WHO_AM_I } from '../../ldap/extended/who-am-i.ts'
import { DEFAULT_ATTRIBUTE_TYPES, DEFAULT_OBJECT_CLASSES } from '../../ldap/default-schema.ts'
import type { Tree } from './tree.ts'
import { subschemaDn } from './view.ts'

/** What the directory says about itself (RFC 4512, 5.1). */
export function rootDse(tree: Tree): Entry {
  return makeEntry('', {
    objectClass: 'top',
    namingContexts: [...tree.roots].map(({ entry }) => entry.dn),
    supportedControl: supportedControls,
    supportedExtension: [PASSWORD_MODIFY, WHO_AM_I, CANCEL],
    // All operational attributes (`+`), (&) and (|), modify-increment
    supportedFeatures: ['1.3.6.1.4.1.4203.1.5.1', '1.3.6.1.4.1.4203.1.5.3', '1.3.6.1.1.14'],
    supportedLDAPVersion: '3',
    subschemaSubentry: subschemaDn,
    vendorName: 'IDaaS embedded directory',
  })
}

/** The schema, for clients that read it (RFC 4512, 4.2). */
export function subschema(): Entry {
  return makeEntry(subschemaDn, {
    objectClass: ['top', 'subentry', 'subschema'],
    cn: 'Subschema',
    attributeTypes: DEFAULT_ATTRIBUTE_TYPES.trim().split('\n'),
    objectClasses: DEFAULT_OBJECT_CLASSES.trim().split('\n'),
    subschemaSubentry: subschemaDn,
  })
}
