import { z } from 'zod'
import { nameSchema } from './name-schema.ts'

const name = (text: string) => z.string().optional().describe(text)
const names = (text: string) => z.array(z.string()).optional().describe(text)

/** Our word for each thing known of a person, and the attributes that hold it. What is absent is as the product usually has it. */
const attributes = z.strictObject({
  login: name(
    'Attribute of the login name. One value, unique in the sign-in bases. Usually `uid`, `sAMAccountName` on Active Directory.',
  ),
  signIn: names(
    'Attributes by whose values people may sign in. Usually those of login and mail, and `userPrincipalName` on Active Directory. Two people with one value can neither sign in by it.',
  ),
  displayName: names('Attributes of the full name, first found first. Usually `displayName` and `cn`.'),
  givenName: names('Attributes of the first name, first found first. Usually `givenName`.'),
  familyName: names('Attributes of the family name, first found first. Usually `sn`.'),
  mail: names('Attributes of mail addresses. Usually `mail`.'),
  phone: names('Attributes of phone numbers. Usually `telephoneNumber` and `mobile`.'),
  title: names('Attributes of the job, first found first. Usually `title`.'),
  department: names(
    'Attributes of the department, first found first. Usually `departmentNumber` and `ou`, `department` on Active Directory.',
  ),
  site: names('Attributes of the place of work, first found first. Usually `l`.'),
  manager: name('Attribute that holds the DN of the manager. Usually `manager`.'),
  photo: name('Attribute of the photo (JPEG). Usually `jpegPhoto`, `thumbnailPhoto` on Active Directory.'),
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

const serverUrl = z.url({ protocol: /^ldap[si]?$/, error: 'a URL ldap://, ldaps:// or ldapi://' })

/** Where the same person is in another directory of the tenant. */
const counterpart = {
  directory: z.string().describe('Name of the other directory.'),
  base: z.string().describe('DN of the branch there.'),
  attribute: z.string().describe('Attribute there that names the person: `sAMAccountName`.'),
}

const passwords = z.strictObject({
  passThrough: z
    .array(
      z.strictObject({
        realm: z
          .string()
          .optional()
          .describe('What is behind the `@`; every realm when absent. Letters in any case.'),
        ...counterpart,
      }),
    )
    .default([])
    .describe(
      'Where the password of an account with `{SASL}name@realm` is: `name` is looked up there, and the password changed there. Refused when no rule fits.',
    ),
  alsoIn: z
    .array(
      z.strictObject({
        from: z.string().describe('Attribute here whose value names the person there: `uid`.'),
        ...counterpart,
      }),
    )
    .default([])
    .describe(
      'Directories that hold a password of their own for the same people: both are changed together.',
    ),
})

export const directoryKinds = ['openldap', 'active-directory', 'ds389'] as const

export const directorySchema = z.strictObject({
  name: nameSchema.describe('Name of the directory, unique in its tenant. `uses` refers to it.'),
  kind: z
    .enum(directoryKinds)
    .optional()
    .describe(
      'Product, which decides how accounts are locked, dated and reset. When absent the server is asked at the start, which fails while none answers.',
    ),
  urls: z
    .array(serverUrl)
    .min(1)
    .describe('Servers in order of preference: the next one is used while one before it does not answer.'),
  primaries: z
    .array(serverUrl)
    .default([])
    .describe(
      'Servers that take changes, in order of preference, when those of `urls` are replicas. When absent, the first of `urls` that answers takes them.',
    ),
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
    .optional()
    .describe(
      'Milliseconds for connecting, StartTLS included. When absent 2000, or 800 with several servers.',
    ),
  operationTimeout: z.int().min(50).max(600_000).default(5_000).describe('Milliseconds for one operation.'),
  attributes: attributes.prefault({}).describe('Which attributes hold what is known of a person.'),
  personClasses: names('Object classes of people: one of them suffices. Usually `inetOrgPerson`, or `user`.'),
  groupClasses: names(
    'Object classes of groups: one of them suffices. Usually `groupOfNames`, `groupOfUniqueNames`, `groupOfURLs` and `posixGroup`, or `group`.',
  ),
  domains: z
    .array(z.string().min(1))
    .default([])
    .describe('Names of the Windows domain: in `ACME\\hugo` and `hugo@acme.example`, the login is `hugo`.'),
  defaultPolicy: z
    .string()
    .optional()
    .describe(
      "DN of the password policy that slapd's `ppolicy_default` names, for entries without `pwdPolicySubentry`.",
    ),
  decoy: z
    .string()
    .optional()
    .describe(
      'DN of an entry with a password that nobody knows, hashed as those of people are: whoever types a login that is not there is checked against it, so that the time tells nothing.',
    ),
  passwords: passwords.prefault({}).describe('Passwords that are elsewhere, or elsewhere too.'),
  expiringWithin: z
    .int()
    .min(1)
    .default(14)
    .describe('Days before the end of a password or an account from which it counts as about to end.'),
  dormantAfter: z
    .int()
    .min(1)
    .default(90)
    .describe('Days without a sign-in after which an account counts as unused.'),
})
export type DirectoryConfig = z.infer<typeof directorySchema>
export type DirectoryKind = (typeof directoryKinds)[number]

/** Where one use looks: a branch of one directory and a filter that entries there must match. */
export const baseSchema = z.strictObject({
  directory: z.string().describe('Name of one of the directories.'),
  base: z.string().describe('DN of the branch. Everything below it is looked at.'),
  filter: z.string().optional().describe('LDAP filter (RFC 4515) that entries must match besides.'),
})
