import { parseArgs, styleText } from 'node:util'
import type { TenantConfig } from '../config/tenant-schema.ts'
import { publishedJsonSchema } from '../config/json-schema.ts'
import { examine } from '../directory/doctor/examine.ts'
import { localeOf } from '../messages/locale-of.ts'
import { translator } from '../messages/message.ts'
import { commandConfigOrDemo } from './command-config.ts'
import { findingsDocument, type TenantFindings } from './findings-document.ts'
import { printFindings } from './print-findings.ts'

const options = {
  config: { type: 'string' },
  schema: { type: 'boolean' },
  static: { type: 'boolean' },
  json: { type: 'boolean' },
  strict: { type: 'boolean' },
} as const

const exitCodes = { sound: 0, findings: 2 } as const

/**
 * Checks the configuration, and then, as the doctor, the directories that it names. `--static` connects to nothing, so that it runs in a pipeline;
 * `--schema` prints the JSON Schema of the configuration. Gives 2 when something is wrong, with `--strict` also for warnings.
 */
export async function check(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  if (values.schema) return print(JSON.stringify(publishedJsonSchema(), null, 2))
  const { tenants } = await commandConfigOrDemo(values.config)
  if (values.static) return print(staticResult(tenants, values.json ?? false))
  const results = await Promise.all(tenants.map(examineTenant))
  const isColoured = process.stdout.hasColors?.() ?? false
  const bold = (text: string) => (isColoured ? styleText('bold', text) : text)
  const text = values.json
    ? JSON.stringify(findingsDocument(results, translator(localeOf(process.env))), null, 2)
    : printFindings(results, translator(localeOf(process.env)), bold)
  print(text)
  return isSound(results, values.strict ?? false) ? exitCodes.sound : exitCodes.findings
}

async function examineTenant(tenant: TenantConfig): Promise<TenantFindings> {
  return { tenant: tenant.name, findings: await examine(tenant, () => new Date()) }
}

function staticResult(tenants: readonly TenantConfig[], isJson: boolean): string {
  const names = tenants.map(({ name }) => name)
  return isJson
    ? JSON.stringify({ tenants: names })
    : `no fault in the configuration of ${names.length === 1 ? 'tenant' : 'tenants'} ${names.join(', ')}`
}

function isSound(results: readonly TenantFindings[], isStrict: boolean): boolean {
  const severities = new Set(results.flatMap(({ findings }) => findings.map(({ severity }) => severity)))
  return !severities.has('error') && !(isStrict && severities.has('warning'))
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCodes.sound
}
