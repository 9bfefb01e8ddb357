import { readFile } from 'node:fs/promises'
import { ConfigError, type ConfigFault } from './config-fault.ts'
import { expectedSchema, type Expected } from './expected-schema.ts'
import { reasonOf } from './read-source.ts'
import { readYaml } from './read-yaml.ts'
import { placeOf, plainValue } from './source-tree.ts'

/** Reads a file of expectations (YAML). Throws ConfigError with every fault and its line. */
export async function readExpected(file: string): Promise<Expected> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ConfigError([fault(file, reasonOf(error), 'a file of expectations')])
  })
  const { root, faults } = readYaml(file, text)
  if (faults.length > 0 || root === null)
    throw new ConfigError(faults.length > 0 ? faults : [fault(file, 'nothing', 'a file of expectations')])
  const parsed = expectedSchema.safeParse(plainValue(root))
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const path = issue.path.filter((step) => typeof step !== 'symbol')
      return { place: placeOf(root, path), path, found: 'another form', expected: issue.message }
    }),
  )
}

function fault(file: string, found: string, expected: string): ConfigFault {
  return { place: { file }, path: [], found, expected }
}
