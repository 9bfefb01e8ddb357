import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Config } from '../config/schema.ts'
import { commandText } from '../messages/command-text.ts'
import { commandConfigOrDemo } from './command-config.ts'
import { programVersion } from './program-version.ts'
import { collectBundle } from './support/collect-bundle.ts'
import { tarGz } from './support/tar.ts'

const options = {
  config: { type: 'string' },
  out: { type: 'string' },
  log: { type: 'string' },
  metrics: { type: 'string' },
} as const

/**
 * Writes what support needs into one file, without secrets and without anything of a person. `--out -` writes it to standard output, for a pod whose files cannot
 * be written. `--log` adds the last errors of a log that was kept.
 */
export async function supportBundle(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  const config = await commandConfigOrDemo(values.config)
  const version = await programVersion()
  const now = new Date()
  const metricsUrl = values.metrics ?? metricsAddress(config)
  const files = await collectBundle(config, { version, metricsUrl, log: values.log, now })
  const bundle = tarGz(files, now)
  const out = values.out ?? `idaas-support-${version}-${now.toISOString().slice(0, 10)}.tar.gz`
  if (out === '-') process.stdout.write(bundle)
  else await writeFile(out, bundle, { mode: 0o600 })
  const names = files.map(({ name }) => name).join(', ')
  process.stderr.write(`${commandText('support.made', { out, names })}\n`)
  return 0
}

function metricsAddress({ server: { port, metricsPort = port } }: Config): string {
  return `http://127.0.0.1:${metricsPort}/metrics`
}
