import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseCLI, startVitest, type TestModule } from 'vitest/node'
import { install } from './install.ts'

/**
 * `npm test [-- PATTERN...]`: installs what is missing, runs the test files whose path contains a PATTERN (default: all),
 * and ends with one line `N passed, N failed`. A skipped test, a hook or a file that fails count as failed. The exit code
 * is 0 only when something passed and nothing failed.
 *
 * Vitest's own options work too: `npm test -- ldap -t "empty password"`. After installation, no network is needed:
 *     unshare --net sh -c 'ip link set lo up && npm test'
 * (as root; `--user --map-root-user` makes one who is nobody else's user, so that what runs as nobody cannot).
 */
async function main(args: string[]): Promise<number> {
  install()
  const folder = mkdtempSync(join(tmpdir(), 'idaas-test-'))
  chmodSync(folder, 0o711) // what a test starts as nobody has its folder in there
  process.env['TMPDIR'] = folder // every server's folder is in there, so that one removal leaves nothing behind
  process.env['XDG_DATA_HOME'] = folder // vitest keeps a token there; the home folder may be read-only
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

  const { filter, options } = parseCLI(['vitest', 'run', ...args])
  const vitest = await startVitest(filter, {
    config: join(import.meta.dirname, '../vitest.config.ts'),
    configLoader: 'native', // a bundled one is written into node_modules, which may be read-only
    ...options,
    watch: false,
  })
  const isPart = vitest.getGlobalTestNamePattern() !== undefined
  const counts = count(vitest.state.getTestModules(), isPart)
  const failed = counts.failed + vitest.state.getUnhandledErrors().length
  await vitest.close()
  console.log(`${counts.passed} passed, ${failed} failed`)
  return counts.passed > 0 && failed === 0 ? Number(process.exitCode ?? 0) : 1
}

function count(modules: readonly TestModule[], isPart: boolean): { passed: number; failed: number } {
  let passed = 0
  let failed = 0
  for (const module of modules) {
    failed += [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') passed++
      else if (state === 'failed') failed++
      else if (!isPart) {
        failed++
        console.log(`not run: ${relative(process.cwd(), module.moduleId)} > ${test.fullName}`)
      }
    }
  }
  return { passed, failed }
}

process.exit(await main(process.argv.slice(2)))
