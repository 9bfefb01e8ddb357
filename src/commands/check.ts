import { parseArgs } from 'node:util'
import { publishedJsonSchema } from '../config/json-schema.ts'
import { commandConfigOrDemo } from './command-config.ts'

/** Checks the configuration without connecting to anything, so that it runs in a pipeline. `--schema` prints its JSON Schema. */
export async function check(args: string[]): Promise<number> {
  const options = { config: { type: 'string' }, schema: { type: 'boolean' } } as const
  const { values } = parseArgs({ args, options })
  if (values.schema) {
    process.stdout.write(`${JSON.stringify(publishedJsonSchema(), null, 2)}\n`)
    return 0
  }
  const { tenants } = await commandConfigOrDemo(values.config)
  const names = tenants.map(({ name }) => name).join(', ')
  process.stdout.write(
    `no fault in the configuration of ${tenants.length === 1 ? 'tenant' : 'tenants'} ${names}\n`,
  )
  return 0
}
