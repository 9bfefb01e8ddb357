import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { formatNote, LscFault } from '../lsc/lsc-note.ts'
import { lscToYaml } from '../lsc/lsc-to-yaml.ts'
import { type CommandHost, commonOptions, namedOf } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'
import { plan, run } from './run.ts'

const options = {
  ...commonOptions,
  ca: { type: 'string' },
  clean: { type: 'boolean' },
  preview: { type: 'boolean' },
  run: { type: 'string' },
} as const

/** Converts an lsc.xml to YAML, or runs one of its tasks as it is. */
export async function importLsc(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [file] = positionals
  if (file === undefined) {
    process.stderr.write('Say which file: an lsc.xml, or the folder that it is in.\n')
    return exitCodes.usage
  }
  if (values.run === undefined) return await convert(file, values.ca)
  const { clean = false, ca, tenant, config, json } = values
  const lsc = { file: resolve(file), clean, ...(ca !== undefined && { ca: resolve(ca) }) }
  const common = [
    ...(tenant === undefined ? [] : ['--tenant', tenant]),
    ...(config === undefined ? [] : ['--config', config]),
    ...(json === true ? ['--json'] : []),
  ]
  const act = values.preview === true ? plan : run
  return await act([values.run.toLowerCase(), ...common], withFile(host, tenant, lsc))
}

async function convert(file: string, ca: string | undefined): Promise<number> {
  try {
    const { yaml, notes } = await lscToYaml(file, { environment: process.env, ca })
    for (const note of notes) process.stderr.write(`${formatNote(file, note)}\n`)
    process.stdout.write(yaml)
    return notes.some(({ weight }) => weight === 'cannot') ? exitCodes.entryErrors : exitCodes.done
  } catch (error) {
    if (!(error instanceof LscFault) && !(error instanceof Error && 'code' in error)) throw error
    const line = error instanceof LscFault ? `${file}:${error.line}: ` : ''
    process.stderr.write(`${line}${error.message}\n`)
    return exitCodes.configuration
  }
}

type LscConfig = Awaited<ReturnType<CommandHost['config']>>['tenants'][number]['sync']['lsc'][number]

/** The installation as if its configuration named this file, and no other one. */
function withFile(host: CommandHost, tenant: string | undefined, lsc: LscConfig): CommandHost {
  return {
    ...host,
    async open(config) {
      const opened = await host.open(config)
      const chosen = namedOf(opened.tenants, tenant)
      const tenants = opened.tenants.map((one) =>
        one === chosen
          ? { ...one, config: { ...one.config, sync: { ...one.config.sync, lsc: [lsc] } } }
          : one,
      )
      return { ...opened, tenants }
    },
  }
}
