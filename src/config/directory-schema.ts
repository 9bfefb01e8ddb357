import { z } from 'zod'
import { nameSchema } from './name-schema.ts'

const names = (...attributes: string[]) => z.array(z.string()).default(attributes)

/** Our word for each thing known of a person, and the attributes that hold it, first found first. */
const attributes = z.strictObject({
  login: z
    .string()
    .default('uid')
    .describe('Attribute of the login name. One value, unique in the sign-in bases.'),
  displayName: names('displayName', 'cn').describe('Attributes of the full name, first found first.'),
  givenName: names('givenName').describe('Attributes of the first name.'),
  familyName: names('sn').describe('Attributes of the family name.'),
  mail: names('mail').describe('Attributes of mail addresses.'),
  phone: names('telephoneNumber', 'mobile').describe('Attributes of phone numbers.'),
  title: names('title').describe('Attributes of the job.'),
  department: names('departmentNumber', 'ou').describe('Attributes of the department.'),
  site: names('l').describe('Attributes of the place of work.'),
  manager: z.string().default('manager').describe('Attribute that holds the DN of the manager.'),
  photo: z.string().default('jpegPhoto').describe('Attribute of the photo (JPEG).'),
})

const bind = z.union([
  z.strictObject({
    dn: z.string().min(1).describe('DN of the service account.'),
    password: z.string().min(1).describe('Its password.').meta({ writeOnly: true }),
  }),
  z.strictObject({
    sasl: z.literal('EXTERNAL').describe('Be known by the user of this process (`ldapi://` only).'),
  }),
])

export const directorySchema = z.strictObject({
  name: nameSchema.describe('Name of the directory, unique in its tenant. `uses` refers to it.'),
  kind: z
    .enum(['openldap'])
    .default('openldap')
    .describe('Product, which decides how accounts are locked and dated.'),
  urls: z
    .array(z.url({ protocol: /^ldap[si]?$/, error: 'a URL ldap://, ldaps:// or ldapi://' }))
    .min(1)
    .describe('Servers in order of preference: the next one is used while one before it does not answer.'),
  startTls: z
    .boolean()
    .default(false)
    .describe('Encrypt `ldap://` connections by StartTLS before anything else is sent.'),
  allowCleartext: z
    .boolean()
    .default(false)
    .describe(
      'Accept `ldap://` without StartTLS to a host that is not this one: passwords then cross the network in clear.',
    ),
  ca: z
    .string()
    .optional()
    .describe(
      "PEM file of the authorities to trust instead of the system's. Relative to the file that names it.",
    ),
  bind: bind.describe('How the service itself signs in: `dn` and `password`, or `sasl`.'),
  poolSize: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('Most connections that the service account has open at once.'),
  connectTimeout: z
    .int()
    .min(50)
    .max(60_000)
    .default(2_000)
    .describe('Milliseconds for connecting, StartTLS and bind together.'),
  operationTimeout: z.int().min(50).max(600_000).default(5_000).describe('Milliseconds for one operation.'),
  attributes: attributes.prefault({}).describe('Which attributes hold what is known of a person.'),
  personClasses: z
    .array(z.string())
    .min(1)
    .default(['inetOrgPerson'])
    .describe('Object classes of people: one of them suffices.'),
  groupClasses: z
    .array(z.string())
    .min(1)
    .default(['groupOfNames', 'groupOfUniqueNames', 'groupOfURLs'])
    .describe('Object classes of groups: one of them suffices.'),
  defaultPolicy: z
    .string()
    .optional()
    .describe(
      "DN of the password policy that slapd's `ppolicy_default` names, for entries without `pwdPolicySubentry`.",
    ),
})
export type DirectoryConfig = z.infer<typeof directorySchema>
export type AttributeMap = DirectoryConfig['attributes']

/** Where one use looks: a branch of one directory and a filter that entries there must match. */
export const baseSchema = z.strictObject({
  directory: z.string().describe('Name of one of the directories.'),
  base: z.string().describe('DN of the branch. Everything below it is looked at.'),
  filter: z.string().optional().describe('LDAP filter (RFC 4515) that entries must match besides.'),
})
