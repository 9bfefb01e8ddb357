import { type ElementFields, fieldsOf } from './element-fields.ts'
import {
  type LscDatabaseDestination,
  type LscDestination,
  type LscFilter,
  type LscPluginService,
  type LscPrograms,
  type LscSource,
  serverTypes,
} from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import { childrenOf, textOf, type XmlElement } from './xml-element.ts'

/** Reads the service that a task reads from. */
export function readSource(element: XmlElement, notes: LscNote[]): LscSource {
  const fields = fieldsOf(element, notes)
  const { line, connection } = common(fields, notes)
  if (element.name === 'databaseSourceService') {
    const source = {
      kind: 'database' as const,
      line,
      connection,
      list: fields.required('requestNameForList'),
      object: fields.required('requestNameForObject'),
      clean: fields.text('requestNameForClean') ?? null,
    }
    fields.pass('interval', 'requestNameForNextId')
    fields.end()
    return source
  }
  if (element.name === 'pluginSourceService') return plugin(fields, connection, notes)
  const source = {
    ...ldapService(fields, connection, notes),
    clean: filterOf(fields, 'cleanEntryFilter', ['cleanFilter']),
    follows:
      element.name === 'asyncLdapSourceService' ? fields.oneOf('serverType', serverTypes, 'OpenLDAP') : null,
    polls: fields.text('filterAsync') !== undefined,
  }
  // Read in bulk, every value is there: what LSC's own short cut lost.
  fields.pass('dateFormat', 'interval', 'bypassOneEntry', 'synchronizingAllWhenStarting')
  if (element.name !== '') fields.end()
  return source
}

/** Reads the service that a task writes to. */
export function readDestination(element: XmlElement, notes: LscNote[]): LscDestination {
  const fields = fieldsOf(element, notes)
  if (element.name === 'multiDestinationService' || element.name === 'xaFileDestinationService') {
    notes.push({
      weight: 'cannot',
      line: element.line,
      text: `<${element.name}> never worked: use several tasks`,
    })
    return { kind: 'other', line: element.line, connection: '' }
  }
  const { line, connection } = common(fields, notes)
  if (element.name === 'databaseDestinationService') return table(fields, { line, connection }, notes)
  if (element.name === 'pluginDestinationService') return plugin(fields, connection, notes)
  const destination = ldapService(fields, connection, notes)
  if (element.name !== '') fields.end()
  return destination
}

function common(fields: ElementFields, notes: LscNote[]): { line: number; connection: string } {
  const { line } = fields
  fields.pass('name')
  const reference = fields.child('connection')?.attributes.get('reference')
  if (reference === undefined)
    notes.push({ weight: 'cannot', line, text: 'the service names no <connection reference="…"/>' })
  return { line, connection: reference ?? '' }
}

function table(
  fields: ElementFields,
  place: { line: number; connection: string },
  notes: LscNote[],
): LscDatabaseDestination {
  const only = (name: string): string => {
    const [first = '', ...others] = (fields.strings(name) ?? []).map((id) => id.trim())
    if (first === '' || others.length > 0)
      notes.push({ weight: 'cannot', line: place.line, text: `<${name}> has to name one statement` })
    return first
  }
  const destination = {
    kind: 'database' as const,
    ...place,
    list: fields.required('requestNameForList'),
    object: fields.required('requestNameForObject'),
    insert: only('requestsNameForInsert'),
    remove: only('requestsNameForDelete'),
  }
  // What is changed is known: only that is written.
  fields.pass('requestsNameForUpdate')
  fields.end()
  return destination
}

function plugin(fields: ElementFields, connection: string, notes: LscNote[]): LscPluginService {
  const implementation = fields.attribute('implementationClass') ?? ''
  const settings = fields.child(
    'executableLdifSourceServiceSettings',
    'executableLdifDestinationServiceSettings',
  )
  const programs = settings === undefined ? null : readPrograms(fieldsOf(settings, notes))
  return { kind: 'plugin', line: fields.line, connection, implementation, programs }
}

function readPrograms(fields: ElementFields): LscPrograms {
  const optional = (name: string): string | null => fields.text(name) ?? null
  const variables = fields.children('variables').flatMap(childrenOf)
  const programs = {
    list: fields.required('listScript'),
    get: optional('getScript'),
    add: optional('addScript'),
    update: optional('updateScript'),
    remove: optional('removeScript'),
    rename: optional('renameScript'),
    variables: Object.fromEntries(
      variables.map((entry) => {
        const part = (of: string): string => {
          const found = childrenOf(entry).find(({ name }) => name === of)
          return found === undefined ? '' : textOf(found)
        }
        return [part('key'), part('value')]
      }),
    ),
    fetched: fields.strings('fetchedAttributes') ?? ['*'],
  }
  fields.pass('name', 'connection')
  fields.end()
  return programs
}

function ldapService(fields: ElementFields, connection: string, notes: LscNote[]) {
  const missing = { text: '(objectClass=*)', script: false, line: fields.line }
  const names = (of: string): string[] | null => fields.strings(of)?.map((name) => name.trim()) ?? null
  const filter = (now: string, before: readonly string[]): LscFilter => {
    const found = filterOf(fields, now, before)
    if (found === null) notes.push({ weight: 'cannot', line: fields.line, text: `there is no <${now}>` })
    return found ?? missing
  }
  return {
    kind: 'ldap' as const,
    line: fields.line,
    connection,
    baseDn: fields.required('baseDn'),
    pivots: names('pivotAttributes') ?? [],
    fetched: names('fetchedAttributes') ?? ['*'],
    all: filter('allEntriesFilter', ['getAllFilter', 'allFilter']),
    one: filter('oneEntryFilter', ['getOneFilter', 'oneFilter']),
  }
}

/** `now`: the name since 2.3, whose text is a script. */
function filterOf(fields: ElementFields, now: string, before: readonly string[]): LscFilter | null {
  const script = fields.child(now)
  if (script !== undefined) return { text: textOf(script), script: true, line: script.line }
  const literal = fields.child(...before)
  return literal === undefined ? null : { text: textOf(literal).trim(), script: false, line: literal.line }
}
