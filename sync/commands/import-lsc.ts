import { parseArgs } from 'node:util'
import { commandText as t } from '../../src/messages/command-text.ts'
import { formatNote, LscFault } from '../lsc/lsc-note.ts'
import { lscToYaml } from '../lsc/lsc-to-yaml.ts'
import { lscPath, openLsc } from '../lsc/open-lsc.ts'
import { slug } from '../lsc/slug.ts'
import { type CommandHost, commonOptions } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'
import { plan, run } from './run.ts'
import { withLsc } from './with-lsc.ts'

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
    process.stderr.write(`${t('sync.command.import-lsc.which')}\n`)
    return exitCodes.usage
  }
  if (values.run === undefined) return await convert(file, values.ca)
  const { clean = false, ca, tenant, config, json } = values
  const reasons = await whyNot(values.run, file, ca).catch(faultOf(file))
  if (reasons.length > 0) {
    process.stderr.write(`${reasons.join('\n')}\n`)
    return exitCodes.configuration
  }
  const common = [
    ...(tenant === undefined ? [] : ['--tenant', tenant]),
    ...(config === undefined ? [] : ['--config', config]),
    ...(json === true ? ['--json'] : []),
  ]
  const act = values.preview === true ? plan : run
  return await act([slug(values.run), ...common], withLsc(host, { lsc: file, clean, ca, tenant }))
}

/** Why a task of a file cannot be run, in lines; none when it can. */
async function whyNot(name: string, path: string, ca: string | undefined): Promise<string[]> {
  const { tasks, converted, notes } = await openLsc(path, {
    environment: process.env,
    ca,
    tenant: '',
    clean: true,
    compat: null,
  })
  if (tasks.some((task) => task.name === slug(name))) return []
  const found = converted.find((one) => slug(one.name) === slug(name))
  if (found === undefined) {
    const known = converted.map((one) => one.name).join(', ')
    return [t('sync.command.import-lsc.unknown', { name, known })]
  }
  // What is wrong with a connection is nobody's note.
  const others = converted.filter((one) => one !== found).flatMap((one) => one.notes)
  const reasons = notes.filter((note) => note.weight === 'cannot' && !others.includes(note))
  return [
    ...reasons.map((note) => formatNote(lscPath(path), note)),
    t('sync.command.import-lsc.cannot', { name: found.name }),
  ]
}

async function convert(file: string, ca: string | undefined): Promise<number> {
  try {
    const { yaml, notes } = await lscToYaml(file, { environment: process.env, ca })
    for (const note of notes) process.stderr.write(`${formatNote(lscPath(file), note)}\n`)
    process.stdout.write(yaml)
    return notes.some(({ weight }) => weight === 'cannot') ? exitCodes.entryErrors : exitCodes.done
  } catch (error) {
    process.stderr.write(`${faultOf(file)(error).join('\n')}\n`)
    return exitCodes.configuration
  }
}

/** Tells a file that cannot be read; throws what is something else. */
function faultOf(file: string): (error: unknown) => string[] {
  return (error) => {
    if (error instanceof LscFault) return [`${file}:${error.line}: ${error.message}`]
    if (error instanceof Error && 'code' in error) return [error.message]
    throw error
  }
}
