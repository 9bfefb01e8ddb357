import { resolve } from 'node:path'
import { type CommandHost, namedOf } from './command-host.ts'

/** For commands that go on with a run of `import-lsc --run`, whose task the configuration need not have. */
export const lscOptions = { lsc: { type: 'string' }, ca: { type: 'string' } } as const

type Given = {
  lsc?: string | undefined
  ca?: string | undefined
  tenant?: string | undefined
  clean?: boolean
}

/** The installation as if its configuration named this lsc.xml, and no other one; as it is when none is given. */
export function withLsc(host: CommandHost, { lsc, ca, tenant, clean = true }: Given): CommandHost {
  if (lsc === undefined) return host
  const file = { file: resolve(lsc), clean, ...(ca !== undefined && { ca: resolve(ca) }) }
  return {
    ...host,
    async open(config) {
      const opened = await host.open(config)
      const chosen = namedOf(opened.tenants, tenant)
      const tenants = opened.tenants.map((one) =>
        one === chosen
          ? { ...one, config: { ...one.config, sync: { ...one.config.sync, lsc: [file] } } }
          : one,
      )
      return { ...opened, tenants }
    },
  }
}
