import { z } from 'zod'

/** Our word for each thing known of a person, and the attributes that hold it, first found first. */
const attributes = z.strictObject({
  login: z.string().default('uid'),
  displayName: z.array(z.string()).default(['displayName', 'cn']),
  givenName: z.array(z.string()).default(['givenName']),
  familyName: z.array(z.string()).default(['sn']),
  mail: z.array(z.string()).default(['mail']),
  phone: z.array(z.string()).default(['telephoneNumber', 'mobile']),
  title: z.array(z.string()).default(['title']),
  department: z.array(z.string()).default(['departmentNumber', 'ou']),
  site: z.array(z.string()).default(['l']),
  manager: z.string().default('manager'),
  photo: z.string().default('jpegPhoto'),
})

const bind = z.union([
  z.strictObject({ dn: z.string().min(1), password: z.string().min(1) }),
  z.strictObject({ sasl: z.literal('EXTERNAL') }),
])

export const directorySchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  kind: z.enum(['openldap']).default('openldap'),
  urls: z.array(z.url({ protocol: /^ldap[si]?$/ })).min(1),
  startTls: z.boolean().default(false),
  /** PEM file of the authorities to trust instead of the system's. */
  ca: z.string().optional(),
  bind,
  poolSize: z.int().min(1).max(64).default(4),
  connectTimeout: z.int().min(50).max(60_000).default(2_000),
  operationTimeout: z.int().min(50).max(600_000).default(5_000),
  attributes: attributes.prefault({}),
  personClasses: z.array(z.string()).min(1).default(['inetOrgPerson']),
  groupClasses: z.array(z.string()).min(1).default(['groupOfNames', 'groupOfUniqueNames', 'groupOfURLs']),
  /** The policy that slapd's `ppolicy_default` names, for entries without pwdPolicySubentry. */
  defaultPolicy: z.string().optional(),
})
export type DirectoryConfig = z.infer<typeof directorySchema>
export type AttributeMap = DirectoryConfig['attributes']

/** Where one use looks: a branch of one directory and a filter that entries there must match. */
export const baseSchema = z.strictObject({
  directory: z.string(),
  base: z.string(),
  filter: z.string().optional(),
})
export type BaseConfig = z.infer<typeof baseSchema>
