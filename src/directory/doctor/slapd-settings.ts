import { text } from '../../ldap/entry.ts'
import { filterAttributes } from '../../ldap/filter-attributes.ts'
import { databasePages } from './database-pages.ts'
import type { Finding } from './finding.ts'
import { modification, onSlapd, replacement } from './fix.ts'
import type { Check, Probe } from './probe.ts'
import { configAttributes, indexesOf, type IndexType, overlayOf, type SlapdConfig } from './slapd-config.ts'
import { onDatabase, slapdPlace, type SlapdPlace } from './slapd-place.ts'

const ALMOST = 0.8
/** Bytes. */
const PAGE = 4_096

/** What only a slapd's own settings tell: indexes, and which overlays guard references and unique names. */
export const slapdSettings: Check = {
  name: 'slapd-settings',
  async run(probe) {
    if (probe.settings.kind !== 'openldap') return []
    const place = await slapdPlace(probe, probe.bases[0]?.base ?? '')
    const full = await fullFindings(probe, place)
    const { config } = probe
    if (config === undefined) return [...full, probe.report('config-unseen', {}, showFix(probe))]
    return [...full, ...indexFindings(probe, config, place), ...guardFindings(probe, config)]
  },
}

/** A rule before all others of cn=config, which shows what the doctor looks at and no secret. */
function showFix({ account }: Probe): string {
  const rule = `{0}to dn.subtree="cn=config" attrs=entry,${configAttributes.join(',')} by dn.exact="${account}" read by * break`
  return onSlapd(
    modification('olcDatabase={0}config,cn=config', [
      { operation: 'add', attribute: 'olcAccess', values: [rule] },
    ]),
  )
}

/** What we search people by, beside their names: ids, changes, references, states. */
const searched = [
  'objectClass',
  'entryUUID',
  'modifyTimestamp',
  'pwdAccountLockedTime',
  'pwdAccountTmpLockoutEnd',
  'pwdReset',
  'pwdStartTime',
  'pwdEndTime',
  'pwdChangedTime',
  'pwdLastSuccess',
  'pwdPolicySubentry',
]
/** And groups by their members. */
const membership = ['member', 'uniqueMember', 'memberUid']

function indexFindings(probe: Probe, { database }: SlapdConfig, place: SlapdPlace): Finding[] {
  const has = indexesOf(database, probe.schema)
  const missing = wantedIndexes(probe).filter(([name, type]) => !has(name, type))
  if (missing.length === 0) return []
  const attributes = missing.map(([name]) => name).join(', ')
  const values = missing.map(([name, type]) => `${name} ${type}`)
  const add = modification(place.dn, [{ operation: 'add', attribute: 'olcDbIndex', values }])
  return [probe.report('index-missing', { attributes }, onDatabase(place, add))]
}

/** Each attribute once; those of the configuration's own filters too. What the schema does not have needs none. */
function wantedIndexes({ settings, schema, bases }: Probe): (readonly [string, IndexType])[] {
  const { login, signIn, manager, photo } = settings.attributes
  const filtered = bases.flatMap(({ filter }) => filterAttributes(filter))
  const wanted = new Map<string, readonly [string, IndexType]>([[photo.toLowerCase(), [photo, 'pres']]])
  for (const name of [...searched, login, ...signIn, manager, ...membership, ...filtered])
    wanted.set(name.toLowerCase(), [name, 'eq'])
  return [...wanted.values()].filter(([name]) => schema?.attributeType(name) !== undefined)
}

const lowerCase = (name: string) => name.toLowerCase()

/** What else would keep names unique and references whole; both are also looked after by us. */
function guardFindings({ settings, report }: Probe, config: SlapdConfig): Finding[] {
  const { login, manager } = settings.attributes
  const uniqueness = overlayOf(config, 'unique')
  const guarded = (
    uniqueness === undefined
      ? []
      : [...text(uniqueness, 'olcUniqueURI'), ...text(uniqueness, 'olcUniqueAttribute')]
  ).join(' ')
  const isUnique = new RegExp(String.raw`\b${login}\b`, 'i').test(guarded)
  const refint = overlayOf(config, 'refint')
  const kept = (refint === undefined ? [] : text(refint, 'olcRefintAttribute'))
    .flatMap((value) => value.split(/\s+/))
    .map(lowerCase)
  const unkept = ['member', manager].filter((name) => !kept.includes(name.toLowerCase()))
  return [
    ...(isUnique ? [] : [report('names-not-kept-unique', { attribute: login })]),
    ...(unkept.length === 0 ? [] : [report('references-kept-partly', { attributes: unkept.join(', ') })]),
  ]
}

async function fullFindings({ connection, report }: Probe, place: SlapdPlace): Promise<Finding[]> {
  const pages = await databasePages(connection, place.suffix)
  if (pages === undefined || pages.used / pages.most < ALMOST) return []
  const percent = Math.round((pages.used / pages.most) * 100)
  const fix = replacement(place.dn, { olcDbMaxSize: String(pages.most * PAGE * 4) })
  return [report('database-almost-full', { percent }, onDatabase(place, fix))]
}
