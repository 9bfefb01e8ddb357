import { ConfigError, formatPath, formatPlace, type ConfigWarning } from '../config/config-fault.ts'
import { examineConfig, loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Environment } from '../config/substitute.ts'
import { commandText } from '../messages/command-text.ts'
import { demoDataDir } from '../demo/demo-data.ts'
import { runningDemoConfig } from '../demo/running-demo.ts'

/** The configuration that `--config` names, or else IDAAS_CONFIG. Prints its warnings; throws ConfigError. */
export async function commandConfig(path: string | undefined): Promise<Config> {
  const { config, warnings } = await loadConfig(environmentWith(path))
  sayWarnings(warnings)
  return config
}

/** The environment in which `--config` goes before IDAAS_CONFIG. */
export function environmentWith(path: string | undefined): Environment {
  return { ...process.env, ...(path !== undefined && { IDAAS_CONFIG: path }) }
}

/**
 * The names of the tenants of a configuration that has no fault but what this machine lacks: variables and files with secrets, in a pipeline. Says what those are;
 * throws ConfigError for the rest.
 */
export async function checkWithoutSecrets(path: string | undefined): Promise<readonly string[]> {
  const { faults, lacking, tenants, warnings } = await examineConfig(environmentWith(path))
  sayWarnings(warnings)
  if (faults.length > 0) throw new ConfigError(faults)
  sayWarnings(
    lacking.map(({ place, path: key, found }) => ({ place, path: key, text: `not checked: ${found}` })),
  )
  return tenants
}

function sayWarnings(warnings: readonly ConfigWarning[]): void {
  for (const { place, path: key, text } of warnings) {
    process.stderr.write(`${formatPlace(place)}  ${formatPath(key)}\n  warning   ${text}\n`)
  }
}

/** As `commandConfig`; when nothing is named, that of the demo whose data lie here, and says so. For commands that look or mend, not for servers. */
export async function commandConfigOrDemo(path: string | undefined): Promise<Config> {
  if (path === undefined && (process.env['IDAAS_CONFIG'] ?? '') === '') {
    const dataDir = demoDataDir(process.env)
    const config = await runningDemoConfig(dataDir)
    if (config !== undefined) {
      process.stderr.write(`${commandText('command.config.demo', { folder: dataDir })}\n`)
      return config
    }
  }
  return await commandConfig(path)
}
