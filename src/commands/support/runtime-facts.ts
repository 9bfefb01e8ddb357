import { cpus, freemem, release, totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'

/** What the process runs on. Of the environment the names, never a value. */
export function runtimeFacts(env: NodeJS.ProcessEnv) {
  const { node, openssl, v8, icu } = process.versions
  return {
    versions: { node, openssl, v8, icu },
    platform: { os: process.platform, arch: process.arch, release: release(), cpus: cpus().length },
    memory: {
      total: totalmem(),
      free: freemem(),
      constrained: process.constrainedMemory(),
      heapLimit: getHeapStatistics().heap_size_limit,
    },
    uid: process.getuid?.(),
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    execArgv: process.execArgv,
    environment: Object.keys(env).toSorted(),
  }
}
