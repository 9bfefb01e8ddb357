/** What a test may change in a slapd; all of it has a default. */
export interface SlapdConfOptions {
  /** Default `dc=example,dc=org`. */
  suffix?: string
  overlays?: readonly Overlay[]
  /** May anonymous users read everything but passwords? Default no. */
  anonymousRead?: boolean
  /** slapd's `password-hash`, default `{SSHA}`; `{ARGON2}` loads its module. */
  passwordHash?: string
  /** Lines added to the main database (limits, overlays, ...). */
  databaseLines?: string
  /** Lines added before the databases (modules, schema, ...). */
  globalLines?: string
  /**
   * As Debian's package leaves it, whatever else is said here but the suffix: four schemas, no overlay, no TLS, nothing for the service
   * account. Who may change cn=config over the unix socket may do so here too.
   */
  bare?: boolean
}

export type Overlay = keyof typeof overlayLines

/** accesslog and dynlist only on request: one costs writes, the other computes `member` of a groupOfURLs on every read. */
const defaultOverlays: readonly Overlay[] = ['memberof', 'refint', 'unique', 'ppolicy', 'sssvlv', 'syncprov']

const overlayLines = {
  memberof: () => `memberof-group-oc groupOfNames
memberof-member-ad member
memberof-memberof-ad memberOf
memberof-refint TRUE`,
  refint: () => 'refint_attributes manager member',
  unique: (suffix: string) => `unique_uri ldap:///ou=people,${suffix}?uid?sub
unique_uri ldap:///ou=people,${suffix}?mail?sub`,
  ppolicy: (suffix: string) => `ppolicy_default cn=default,ou=policies,${suffix}
ppolicy_hash_cleartext
ppolicy_use_lockout`,
  sssvlv: () => '',
  syncprov: () => `syncprov-checkpoint 1000 5
syncprov-sessionlog 10000`,
  dynlist: () => 'dynlist-attrset groupOfURLs memberURL member',
  accesslog: () => `logdb cn=accesslog
logops writes
logsuccess TRUE`,
}

/** Account names and secrets that every test slapd has. */
export const secrets = { appPassword: 'app-secret-1', rootPassword: 'admin-secret' } as const

/** The service account of the product under test. */
export const appDn = (suffix: string): string => `cn=app,ou=services,${suffix}`

/** The directory's own administrator, whom no access rule and no password policy holds. */
export const rootDn = (suffix: string): string => `cn=admin,${suffix}`

/**
 * A slapd.conf (slapd reads it at start: nothing to convert) for a server that lives in `dir`. `root` is where Debian's
 * files are. `dbnosync`: a test directory need not survive a power cut, and writes are twice as fast.
 */
export function slapdConf(dir: string, root: string, options: SlapdConfOptions = {}): string {
  if (options.bare === true) return bareConf(dir, root, options.suffix)
  const { suffix = 'dc=example,dc=org', overlays = defaultOverlays, passwordHash = '{SSHA}' } = options
  const app = `by dn.exact="${appDn(suffix)}"`
  return `
${basics(dir, root, ['core', 'cosine', 'inetorgperson', 'nis', 'dyngroup'])}
${[...Object.keys(overlayLines), ...(passwordHash.startsWith('{ARGON2') ? ['argon2'] : [])].map((name) => `moduleload ${name}`).join('\n')}
threads 4
sizelimit size.soft=1000 size.hard=unlimited size.pr=unlimited
password-hash ${passwordHash}
TLSCACertificateFile ${dir}/tls/ca.pem
TLSCertificateFile ${dir}/tls/cert.pem
TLSCertificateKeyFile ${dir}/tls/key.pem
TLSVerifyClient never
TLSProtocolMin 3.3
${options.globalLines ?? ''}

${configDatabase()}
database monitor
access to * by * read
${overlays.includes('accesslog') ? accesslogDatabase(dir, app) : ''}
database mdb
suffix ${suffix}
rootdn ${rootDn(suffix)}
rootpw ${secrets.rootPassword}
directory ${dir}/data
maxsize 4294967296
dbnosync
envflags nometasync
limits dn.exact="${appDn(suffix)}" size=unlimited time=unlimited
index objectClass,entryUUID,entryCSN,modifyTimestamp eq
index uid,mail,employeeNumber eq,sub
index cn,sn,givenName,displayName eq,sub
index telephoneNumber,mobile eq,sub
index departmentNumber,title,l,manager,member,memberOf eq
# write, not manage: manage would let the service account past the password policy
access to attrs=userPassword ${app} write by self write by anonymous auth by * none
access to attrs=pwdAccountLockedTime,pwdReset,pwdPolicySubentry,pwdFailureTime,pwdChangedTime,pwdHistory ${app} write by self read by * none
access to * ${app} write by users read ${options.anonymousRead ? 'by * read' : 'by anonymous none'}
${options.databaseLines ?? ''}
${overlays.map((name) => `overlay ${name}\n${overlayLines[name](suffix)}`).join('\n')}
`
}

function basics(dir: string, root: string, schemas: readonly string[]): string {
  return `${schemas.map((name) => `include ${root}/etc/ldap/schema/${name}.schema`).join('\n')}
pidfile ${dir}/slapd.pid
argsfile ${dir}/slapd.args
modulepath ${root}/usr/lib/ldap
moduleload back_mdb`
}

function configDatabase(): string {
  return `# Tests may change cn=config over the unix socket (SASL EXTERNAL); the change ends with the server.
database config
rootdn cn=config
rootpw ${secrets.rootPassword}
access to * by dn.exact=gidNumber=${process.getgid?.()}+uidNumber=${process.getuid?.()},cn=peercred,cn=external,cn=auth manage by * none
`
}

function bareConf(dir: string, root: string, suffix = 'dc=example,dc=org'): string {
  return `
${basics(dir, root, ['core', 'cosine', 'nis', 'inetorgperson'])}
sizelimit 500

${configDatabase()}
database mdb
suffix ${suffix}
rootdn ${rootDn(suffix)}
rootpw ${secrets.rootPassword}
directory ${dir}/data
maxsize 1073741824
dbnosync
envflags nometasync
index objectClass eq
index cn,uid eq
index uidNumber,gidNumber eq
index member,memberUid eq
access to attrs=userPassword by self write by anonymous auth by * none
access to attrs=shadowLastChange by self write by * read
access to * by * read
`
}

function accesslogDatabase(dir: string, app: string): string {
  return `
database mdb
suffix cn=accesslog
directory ${dir}/accesslog
maxsize 1073741824
rootdn cn=accesslog
dbnosync
envflags nometasync
index reqStart,reqEnd,reqResult,reqDN,entryCSN,objectClass eq
access to * ${app} read by * none
overlay syncprov
syncprov-nopresent TRUE
syncprov-reloadhint TRUE
`
}
