import { parseArgs, styleText } from 'node:util'
import type { TenantConfig } from '../config/tenant-schema.ts'
import { publishedJsonSchema } from '../config/json-schema.ts'
import { examine } from '../directory/doctor/examine.ts'
import { commandText } from '../messages/command-text.ts'
import { checkExpected } from './check-expected.ts'
import { checkWithoutSecrets, commandConfigOrDemo } from './command-config.ts'
import type { Expectations } from './expectation.ts'
import { findingsDocument, type TenantFindings } from './findings-document.ts'
import { printFindings } from './print-findings.ts'

const options = {
  config: { type: 'string' },
  schema: { type: 'boolean' },
  static: { type: 'boolean' },
  'without-secrets': { type: 'boolean' },
  expect: { type: 'string' },
  json: { type: 'boolean' },
  strict: { type: 'boolean' },
} as const

const exitCodes = { sound: 0, findings: 2 } as const

/**
 * Checks the configuration, and then, as the doctor, the directories that it names. `--static` connects to nothing, so that it runs in a pipeline,
 * `--without-secrets` also where what it refers to is not there. `--expect` holds what people would see against a customer's file instead. `--schema` prints the JSON Schema of the configuration. Gives 2 when something is wrong, with `--strict` also for warnings.
 */
export async function check(args: string[], expectations: () => Promise<Expectations>): Promise<number> {
  const { values } = parseArgs({ args, options })
  if (values.schema) return print(JSON.stringify(publishedJsonSchema(), null, 2))
  const isJson = values.json ?? false
  if (values['without-secrets']) return print(staticResult(await checkWithoutSecrets(values.config), isJson))
  const config = await commandConfigOrDemo(values.config)
  if (values.expect !== undefined) {
    const isMet = await checkExpected(values.expect, config, await expectations())
    return isMet ? exitCodes.sound : exitCodes.findings
  }
  const { tenants } = config
  if (values.static) {
    const names = tenants.map(({ name }) => name)
    return print(staticResult(names, isJson))
  }
  const results = await Promise.all(tenants.map(examineTenant))
  const isColoured = process.stdout.hasColors?.() ?? false
  const bold = (text: string) => (isColoured ? styleText('bold', text) : text)
  const text = isJson
    ? JSON.stringify(findingsDocument(results), null, 2)
    : printFindings(results, commandText, bold)
  print(text)
  return isSound(results, values.strict ?? false) ? exitCodes.sound : exitCodes.findings
}

async function examineTenant(tenant: TenantConfig): Promise<TenantFindings> {
  return { tenant: tenant.name, findings: await examine(tenant, () => new Date()) }
}

function staticResult(names: readonly string[], isJson: boolean): string {
  return isJson
    ? JSON.stringify({ tenants: names })
    : commandText('command.check.sound', { count: names.length, names: names.join(', ') })
}

function isSound(results: readonly TenantFindings[], isStrict: boolean): boolean {
  const severities = new Set(results.flatMap(({ findings }) => findings.map(({ severity }) => severity)))
  return !severities.has('error') && !(isStrict && severities.has('warning'))
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCodes.sound
}
