import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { commandText } from '../messages/command-text.ts'
import { translator } from '../messages/message.ts'
import { CannotStart } from '../problems/cannot-start.ts'
import { commandConfigOrDemo } from './command-config.ts'
import { openStores } from './open-stores.ts'
import {
  verificationSchema,
  verifyInstallation,
  type Noted,
  type Proof,
  type Verification,
} from './verify-installation.ts'
import { verifySignIn } from './verify-sign-in.ts'

const options = {
  config: { type: 'string' },
  against: { type: 'string' },
  'sign-in': { type: 'string' },
  tenant: { type: 'string' },
  json: { type: 'boolean' },
} as const

const exitCodes = { sound: 0, faults: 2 } as const

/**
 * After a restore: is everything there, and do the configured keys open it? `--json` of before the backup, given as `--against`, shows what is missing. Gives 2
 * when something is wrong.
 */
export async function verify(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  const config = await commandConfigOrDemo(values.config)
  const noted = values.against === undefined ? undefined : await readNoted(values.against)
  const stores = openStores(config, { statementTimeout: 600_000 })
  try {
    const verified = await verifyInstallation(stores, config, noted)
    const login = values['sign-in']
    const proofs = [
      ...verified.proofs,
      ...(login === undefined ? [] : [await verifySignIn(config, values.tenant, login)]),
    ]
    const result = { ...verified, proofs }
    process.stdout.write(
      values.json === true ? `${JSON.stringify(documentOf(result), null, 2)}\n` : textOf(result, noted),
    )
    return proofs.every(({ ok }) => ok) ? exitCodes.sound : exitCodes.faults
  } finally {
    await stores.close()
  }
}

async function readNoted(path: string): Promise<Noted> {
  try {
    return verificationSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new CannotStart(commandText('command.verify.noted', { path }), { cause })
  }
}

/** For programs: in English for everybody. */
function documentOf({ proofs, counts, heads }: Verification) {
  const t = translator('en')
  const ok = proofs.every((one) => one.ok)
  return { ok, proofs: proofs.map(({ says, ...one }) => ({ ...one, says: t(...says) })), counts, heads }
}

function textOf({ proofs, counts }: Verification, noted: Noted | undefined): string {
  const lines = proofs.map(lineOf)
  const rows = Object.entries(counts).flatMap(([tenant, tables]) =>
    Object.entries({ ...zeros(noted?.counts[tenant]), ...tables }).map(([table, now]) => {
      const before = noted?.counts[tenant]?.[table]
      return `      ${tenant}  ${table}  ${now}${before === undefined || before === now ? '' : `  (${before})`}`
    }),
  )
  const isSound = proofs.every(({ ok }) => ok)
  const verdict = commandText(isSound ? 'verify.sound' : 'verify.unsound')
  return [...lines, commandText('verify.counts'), ...rows, verdict, ''].join('\n')
}

/** Tables that had rows and have none. */
function zeros(noted: Readonly<Record<string, number>> | undefined): Record<string, number> {
  return Object.fromEntries(Object.keys(noted ?? {}).map((table) => [table, 0]))
}

function lineOf({ ok, tenant, says }: Proof): string {
  const fault = commandText('command.outcome.fault')
  const outcome = ok ? commandText('command.outcome.ok').padEnd(fault.length) : fault
  const text = commandText(...says)
  return `${outcome} ${tenant === null ? text : commandText('command.labelled', { label: tenant, text })}`
}
