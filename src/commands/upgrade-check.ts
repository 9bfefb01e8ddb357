import { parseArgs } from 'node:util'
import { formatPath, formatPlace, type ConfigWarning } from '../config/config-fault.ts'
import { loadConfig } from '../config/load.ts'
import { examine } from '../directory/doctor/examine.ts'
import { commandText as t } from '../messages/command-text.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { pendingLocks, type PendingLock } from '../store/pending-locks.ts'
import { environmentWith } from './command-config.ts'
import { findingsDocument, type TenantFindings } from './findings-document.ts'
import { openStores } from './open-stores.ts'
import { printFindings } from './print-findings.ts'
import { programVersion } from './program-version.ts'

const options = {
  config: { type: 'string' },
  json: { type: 'boolean' },
  strict: { type: 'boolean' },
} as const
const exitCodes = { ready: 0, notReady: 2 } as const

/** Seconds that a lock may be held without anybody noticing more than a slow answer. */
const bearable = 5

type Report = {
  readonly version: string
  readonly keys: readonly ConfigWarning[]
  readonly locks: readonly PendingLock[]
  readonly directories: readonly TenantFindings[]
}

/**
 * Says before a version is rolled out what it will meet: run by the new version, on the configuration and the database of the one that runs. Writes nothing.
 * Gives 2 when something is to be done first, with `--strict` also for warnings.
 */
export async function upgradeCheck(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const version = await programVersion()
  const wanted = positionals[0]?.replace(/^v/, '') ?? version
  if (wanted !== version) throw new CannotStart(t('command.upgrade-check.version', { own: version, wanted }))
  const { config, warnings: keys } = await loadConfig(environmentWith(values.config))
  const stores = openStores(config)
  try {
    const examined = config.tenants.map(async (tenant) => ({
      tenant: tenant.name,
      findings: await examine(tenant, () => new Date()),
    }))
    const report = {
      version,
      keys,
      locks: await pendingLocks(stores.database),
      directories: await Promise.all(examined),
    }
    process.stdout.write(
      values.json === true ? `${JSON.stringify(documentOf(report), null, 2)}\n` : textOf(report),
    )
    return isReady(report, values.strict ?? false) ? exitCodes.ready : exitCodes.notReady
  } finally {
    await stores.close()
  }
}

function isReady({ keys, locks, directories }: Report, isStrict: boolean): boolean {
  const severities = new Set(directories.flatMap(({ findings }) => findings.map(({ severity }) => severity)))
  const hasWarnings = keys.length > 0 || severities.has('warning')
  return !severities.has('error') && !locks.some(isInTheWay) && !(isStrict && hasWarnings)
}

function isInTheWay({ blocks, seconds, takesAway }: PendingLock): boolean {
  return takesAway || blocks === 'unknown' || (blocks !== 'nothing' && seconds > bearable)
}

function documentOf({ version, keys, locks, directories }: Report) {
  return {
    version,
    keys: keys.map(({ place, path, text }) => ({
      place: formatPlace(place),
      key: formatPath(path),
      says: text,
    })),
    locks: locks.map((lock) => ({ ...lock, inTheWay: isInTheWay(lock) })),
    ...findingsDocument(directories),
  }
}

function textOf({ version, keys, locks, directories }: Report): string {
  const keyLines = keys.map(
    ({ place, path, text }) => `  ${formatPlace(place)}  ${formatPath(path)}: ${text}`,
  )
  const parts = [
    [t('upgrade.keys', { count: keys.length }), ...keyLines].join('\n'),
    [t('upgrade.locks', { version, count: locks.length }), ...locks.map((lock) => lockLine(lock))].join('\n'),
    `${t('upgrade.directories')}\n\n${printFindings(directories, t, (text) => text)}`,
  ]
  return `${parts.join('\n\n')}\n`
}

function lockLine(lock: PendingLock): string {
  const { migration, statement, table, blocks, seconds, bytes, takesAway } = lock
  const said = t(`upgrade.blocks.${blocks}`, {
    table: table ?? '–',
    seconds,
    size: Math.ceil(bytes / 1_000_000),
  })
  const mark = isInTheWay(lock) ? '! ' : '  '
  return `${mark}${migration}: ${statement.slice(0, 70)}\n      ${said}${takesAway ? ` ${t('upgrade.takesAway')}` : ''}`
}
