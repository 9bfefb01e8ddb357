import { ConfigError, type ConfigFault } from '../config/config-fault.ts'
import type { Config } from '../config/schema.ts'
import { embeddedPostgresUrl } from '../store/embedded-postgres.ts'
import { demoConfig } from './demo-config.ts'
import { demoKeys, notedPorts } from './demo-data.ts'

/** The configuration of the demo that runs on this data; undefined when there was never one. Throws ConfigError when it does not run now. */
export async function runningDemoConfig(dataDir: string): Promise<Config | undefined> {
  const ports = await notedPorts(dataDir)
  if (ports === undefined) return undefined
  const database = embeddedPostgresUrl(dataDir)
  if (database === undefined) throw new ConfigError([notRunning(dataDir)])
  return demoConfig({ ...ports, dataDir, database, keys: await demoKeys(dataDir) })
}

function notRunning(dataDir: string): ConfigFault {
  return {
    place: { file: dataDir },
    path: [],
    found: 'the data of a demo that does not run',
    expected: 'a running demo (npm start), or a configuration of your own: IDAAS_CONFIG or --config',
  }
}
