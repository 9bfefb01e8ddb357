import { fieldsOf } from './element-fields.ts'
import type { LscTask } from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import { readDestination, readSource } from './read-service.ts'
import { noOptions, readOptions } from './read-options.ts'
import { childrenOf, textOf, type XmlElement } from './xml-element.ts'

const sources = [
  'ldapSourceService',
  'asyncLdapSourceService',
  'databaseSourceService',
  'pluginSourceService',
]
const destinations = [
  'ldapDestinationService',
  'databaseDestinationService',
  'pluginDestinationService',
  'multiDestinationService',
  'xaFileDestinationService',
]
const options = ['propertiesBasedSyncOptions', 'forceSyncOptions', 'pluginSyncOptions']

/** Reads a `<task>`. `version`: of the file, on which some defaults depend. */
export function readTask(element: XmlElement, version: string): LscTask {
  const notes: LscNote[] = []
  const fields = fieldsOf(element, notes)
  const cannot = (line: number, text: string): void => void notes.push({ weight: 'cannot', line, text })
  const missing: XmlElement = { name: '', attributes: new Map(), content: [], line: element.line }
  const pick = (names: readonly string[], what: string): XmlElement => {
    const found = fields.child(...names)
    if (found === undefined) cannot(element.line, `the task has no ${what}`)
    return found ?? missing
  }
  const source = pick(sources, 'source service')
  const destination = pick(destinations, 'destination service')
  const how = pick(options, 'sync options')
  for (const hook of fields.children('syncHook', 'cleanHook'))
    cannot(hook.line, `<${hook.name}> calls a method of Java: use a webhook of the configuration instead`)
  for (const library of fields.children('customLibrary').flatMap(childrenOf))
    cannot(
      library.line,
      `customLibrary ${textOf(library).trim()} is a class of Java: write it as scriptInclude`,
    )
  const task: LscTask = {
    name: fields.required('name'),
    line: element.line,
    notes,
    isWhole: ![source, destination, how].includes(missing),
    // What is missing is told once.
    source: readSource(source, source === missing ? [] : notes),
    destination: readDestination(destination, destination === missing ? [] : notes),
    errorIfEmptySource: fields.flag('errorIfEmptySource', true),
    options: how.name === '' ? noOptions : readOptions(how, version, notes),
    includes: (fields.strings('scriptInclude') ?? []).map((path) => path.trim()),
  }
  fields.pass('bean', 'errorIfEmptyDestination')
  fields.end()
  return task
}
