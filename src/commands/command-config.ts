import { formatPath, formatPlace } from '../config/config-fault.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'

/** The configuration that `--config` names, or else IDAAS_CONFIG. Prints its warnings; throws ConfigError. */
export async function commandConfig(path: string | undefined): Promise<Config> {
  const { config, warnings } = await loadConfig({
    ...process.env,
    ...(path !== undefined && { IDAAS_CONFIG: path }),
  })
  for (const { place, path: key, text } of warnings) {
    process.stderr.write(`${formatPlace(place)}  ${formatPath(key)}\n  warning   ${text}\n`)
  }
  return config
}
