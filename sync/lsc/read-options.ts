import { type ElementFields, fieldsOf } from './element-fields.ts'
import {
  type LscDataset,
  type LscHook,
  type LscOptions,
  type LscTransformation,
  origins,
  policies,
} from './lsc-file.ts'
import type { LscNote } from './lsc-note.ts'
import { childrenOf, textOf, type XmlElement } from './xml-element.ts'

/** FORCE for everything, and the source's DN: forceSyncOptions. */
export const noOptions: LscOptions = {
  mainIdentifier: null,
  transformations: [],
  delimiter: '',
  policy: 'FORCE',
  conditions: { create: 'true', update: 'true', delete: 'true', changeId: 'true' },
  hooks: [],
  datasets: [],
}

/** Reads what is to be done with what. */
export function readOptions(element: XmlElement, version: string, notes: LscNote[]): LscOptions {
  if (element.name === 'forceSyncOptions') return noOptions
  if (element.name === 'pluginSyncOptions') {
    const implementation = element.attributes.get('implementationClass') ?? ''
    notes.push({
      weight: 'cannot',
      line: element.line,
      text: `pluginSyncOptions is a class of Java (${implementation}): write its rules as propertiesBasedSyncOptions`,
    })
    return noOptions
  }
  const fields = fieldsOf(element, notes)
  const datasets = fields.children('dataset').map((dataset) => readDataset(dataset, notes))
  const options = {
    mainIdentifier: script(fields.raw('mainIdentifier')),
    transformations: readTransformations(fields, notes),
    delimiter: fields.raw('defaultDelimiter') || delimiterOf(version),
    policy: fields.oneOf('defaultPolicy', policies, 'FORCE'),
    conditions: readConditions(fields, notes),
    hooks: readHooks(fields, notes),
    datasets: firstOfEach(datasets, notes),
  }
  if (options.mainIdentifier === null)
    notes.push({ weight: 'cannot', line: element.line, text: 'there is no <mainIdentifier>' })
  fields.end()
  return options
}

/** JAXB puts the default of the schema into an empty element; the schema has one until 2.1. */
function delimiterOf(version: string): string {
  return /^(?:1\.|2\.[01])/.test(version) ? ';' : ''
}

function readTransformations(fields: ElementFields, notes: LscNote[]): LscTransformation[] {
  const list = fields.children('pivotTransformation').flatMap(childrenOf)
  return list.map((element) => {
    const attribute = (name: string): string => element.attributes.get(name) ?? ''
    const from = attribute('fromAttribute')
    const to = attribute('toAttribute')
    if (from === '' || to === '')
      notes.push({ weight: 'cannot', line: element.line, text: 'fromAttribute and toAttribute are needed' })
    const origin = origins.find((each) => each === attribute('pivotOrigin').toUpperCase()) ?? 'BOTH'
    return { from, to, origin, script: textOf(element), line: element.line }
  })
}

function readConditions(fields: ElementFields, notes: LscNote[]): LscOptions['conditions'] {
  const element = fields.child('conditions')
  if (element === undefined) return noOptions.conditions
  const conditions = fieldsOf(element, notes)
  const read = (name: string): string => script(conditions.raw(name)) ?? 'true'
  const found = {
    create: read('create'),
    update: read('update'),
    delete: read('delete'),
    changeId: read('changeId'),
  }
  conditions.end()
  return found
}

function readHooks(fields: ElementFields, notes: LscNote[]): LscHook[] {
  const element = fields.child('hooks')
  if (element === undefined) return []
  const hooks = fieldsOf(element, notes)
  const format = hooks.oneOf('outputFormat', ['ldif', 'json'], 'ldif')
  const names = { create: 'create', update: 'update', delete: 'delete', rename: 'changeId' } as const
  const found = (['create', 'update', 'delete', 'rename'] as const).flatMap((after): LscHook[] => {
    const command = hooks.text(`${names[after]}PostHook`)
    return command === undefined ? [] : [{ after, command, format }]
  })
  hooks.end()
  return found
}

function readDataset(element: XmlElement, notes: LscNote[]): LscDataset {
  const fields = fieldsOf(element, notes)
  const values = (name: string): readonly string[] | null => {
    const scripts = (fields.strings(name) ?? []).filter((code) => code.trim() !== '')
    return scripts.length === 0 ? null : scripts
  }
  const dataset = {
    name: fields.required('name'),
    line: element.line,
    policy: fields.child('policy') === undefined ? null : fields.oneOf('policy', policies, 'FORCE'),
    delimiter: fields.raw('delimiter') ?? null,
    defaultValues: values('defaultValues'),
    forceValues: values('forceValues'),
    createValues: values('createValues'),
  }
  fields.end()
  return dataset
}

function firstOfEach(datasets: readonly LscDataset[], notes: LscNote[]): LscDataset[] {
  const known = new Set<string>()
  return datasets.filter(({ name, line }) => {
    const isFirst = !known.has(name.toLowerCase())
    known.add(name.toLowerCase())
    if (!isFirst)
      notes.push({ weight: 'ignored', line, text: `a second dataset ${name}: the first one counts` })
    return isFirst
  })
}

function script(code: string | undefined): string | null {
  return code === undefined || code.trim() === '' ? null : code
}
