import { fieldsOf } from './element-fields.ts'
import { inlineEnvironment } from './inline-environment.ts'
import type { LscFile } from './lsc-file.ts'
import { LscFault, type LscNote } from './lsc-note.ts'
import { readConnection } from './read-connection.ts'
import { readTask } from './read-task.ts'
import { childrenOf, parseXml, type XmlElement } from './xml-element.ts'

/**
 * Reads an lsc.xml of the versions 2.0 to 2.3. The order of elements does not matter, every default is applied, `${NAME}` is an environment variable; what is
 * not known is told with its line. Throws `LscFault` for what is no lsc.xml at all.
 */
export function readLsc(
  text: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): LscFile {
  const inlined = inlineEnvironment(text, environment)
  const root = parseXml(inlined.text)
  if (root.name !== 'lsc') throw new LscFault(root.line, `<${root.name}> is no <lsc>`)
  const notes: LscNote[] = [...inlined.notes]
  const fields = fieldsOf(root, notes)
  const namespaces = [...root.attributes.values()].join(' ')
  const version = /lsc-core-(\d+\.\d+)\.xsd/.exec(namespaces)?.[1] ?? ''
  if (version.startsWith('1.'))
    notes.push({ weight: 'differs', line: root.line, text: `a file of LSC ${version} is read as one of 2.0` })
  const below = (name: string): XmlElement[] => fields.children(name).flatMap(childrenOf)
  const connections = below('connections').map(readConnection)
  const tasks = below('tasks').map((task) => readTask(task, version))
  const encryption = below('security').find(({ name }) => name === 'encryption')
  for (const audit of below('audits'))
    notes.push({
      weight: 'differs',
      line: audit.line,
      text: `<${audit.name}> writes no file: the history of the runs holds every change, and \`idaas sync show\` prints it`,
    })
  fields.end()
  return {
    version,
    connections,
    tasks,
    encryption: encryption === undefined ? null : readEncryption(encryption, notes),
    notes,
  }
}

function readEncryption(element: XmlElement, notes: LscNote[]): LscFile['encryption'] {
  const fields = fieldsOf(element, notes)
  const keyfile = fields.text('keyfile') ?? ''
  const algorithm = fields.text('algorithm') ?? 'AES'
  fields.pass('strength')
  fields.end()
  if (!/^AES\b/i.test(algorithm))
    notes.push({
      weight: 'cannot',
      line: element.line,
      text: `encryption by ${algorithm}: only AES is known`,
    })
  return keyfile === '' ? null : { keyfile, algorithm, line: element.line }
}
