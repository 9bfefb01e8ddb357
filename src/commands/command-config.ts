import { formatPath, formatPlace } from '../config/config-fault.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { demoDataDir } from '../demo/demo-data.ts'
import { runningDemoConfig } from '../demo/running-demo.ts'

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

/** As `commandConfig`; when nothing is named, that of the demo whose data lie here, and says so. For commands that look or mend, not for servers. */
export async function commandConfigOrDemo(path: string | undefined): Promise<Config> {
  if (path === undefined && (process.env['IDAAS_CONFIG'] ?? '') === '') {
    const dataDir = demoDataDir(process.env)
    const config = await runningDemoConfig(dataDir)
    if (config !== undefined) {
      process.stderr.write(`no configuration is named: this is the demo on ${dataDir}\n`)
      return config
    }
  }
  return await commandConfig(path)
}
