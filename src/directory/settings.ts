import type { DirectoryConfig, DirectoryKind } from '../config/directory-schema.ts'

/** The attributes by which a directory knows what we say of a person. */
export type AttributeMap = {
  readonly login: string
  /** Those by whose values people may sign in. */
  readonly signIn: readonly string[]
  readonly displayName: readonly string[]
  readonly givenName: readonly string[]
  readonly familyName: readonly string[]
  readonly mail: readonly string[]
  readonly phone: readonly string[]
  readonly title: readonly string[]
  readonly department: readonly string[]
  readonly site: readonly string[]
  readonly manager: string
  readonly photo: string
}

/** A directory's configuration with what its product usually has in place of what is not said. */
export type DirectorySettings = Omit<
  DirectoryConfig,
  'kind' | 'attributes' | 'personClasses' | 'groupClasses'
> & {
  readonly kind: DirectoryKind
  readonly attributes: AttributeMap
  readonly personClasses: readonly string[]
  readonly groupClasses: readonly string[]
}

/** Days by which a state is told to be near, or long ago. */
export type Windows = Pick<DirectorySettings, 'expiringWithin' | 'dormantAfter'>

type Usual = Pick<DirectorySettings, 'attributes' | 'personClasses' | 'groupClasses'>

const posix: Usual = {
  attributes: {
    login: 'uid',
    signIn: [],
    displayName: ['displayName', 'cn'],
    givenName: ['givenName'],
    familyName: ['sn'],
    mail: ['mail'],
    phone: ['telephoneNumber', 'mobile'],
    title: ['title'],
    department: ['departmentNumber', 'ou'],
    site: ['l'],
    manager: 'manager',
    photo: 'jpegPhoto',
  },
  personClasses: ['inetOrgPerson'],
  groupClasses: ['groupOfNames', 'groupOfUniqueNames', 'groupOfURLs', 'posixGroup'],
}

const usual: Readonly<Record<DirectoryKind, Usual>> = {
  openldap: posix,
  ds389: posix,
  'active-directory': {
    attributes: {
      ...posix.attributes,
      login: 'sAMAccountName',
      department: ['department'],
      photo: 'thumbnailPhoto',
    },
    personClasses: ['user'],
    groupClasses: ['group'],
  },
}

/** Fills in what the configuration leaves open, once it is known what the server is. */
export function settingsOf(config: DirectoryConfig, kind: DirectoryKind): DirectorySettings {
  const { attributes, personClasses, groupClasses } = usual[kind]
  const said = { ...attributes, ...withoutUndefined(config.attributes) }
  const names =
    kind === 'active-directory' ? [said.login, 'userPrincipalName', ...said.mail] : [said.login, ...said.mail]
  return {
    ...config,
    kind,
    attributes: { ...said, signIn: config.attributes.signIn ?? names },
    personClasses: config.personClasses ?? personClasses,
    groupClasses: config.groupClasses ?? groupClasses,
  }
}

/** A spread would put `undefined` over what is usual. */
function withoutUndefined<T extends object>(
  values: T,
): { [K in keyof T]: Exclude<T[K], undefined> } | object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
