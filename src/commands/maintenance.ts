import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import type { Trail } from '../audit/trail.ts'
import { commandText } from '../messages/command-text.ts'
import { byText } from '../store/by-text.ts'
import { createMaintenanceStore, type Maintenance, type MaintenanceStore } from '../store/maintenance.ts'
import { commandConfigOrDemo } from './command-config.ts'
import { openStores } from './open-stores.ts'
import { readUntil } from './read-until.ts'
import { tenantsNamed } from '../tenants/tenants-named.ts'

const options = {
  config: { type: 'string' },
  tenant: { type: 'string', multiple: true },
  until: { type: 'string' },
  'message-fr': { type: 'string' },
  'message-en': { type: 'string' },
  'read-only': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

// As runs of synchronization name who asked for them, and as the audit does.
const { username } = userInfo()
const operator = `command: ${username}`
const actor = { kind: 'system', id: `command:${username}` } as const

const exitCodes = { done: 0, usage: 64 } as const

/**
 * Puts a notice on every page of tenants, all of them unless some are named, and with `--read-only` lets nobody write meanwhile, synchronization
 * included. `status` tells what there is. What is written in the moment when it is called ends within the time of one request.
 */
export async function maintenance([act, ...args]: string[]): Promise<number> {
  if (act !== 'on' && act !== 'off' && act !== 'status') {
    process.stderr.write(`${commandText('command.maintenance.ask')}\n`)
    return exitCodes.usage
  }
  const { values } = parseArgs({ args, options })
  const config = await commandConfigOrDemo(values.config)
  const tenants = tenantsNamed(config.tenants, values.tenant)
  const now = new Date()
  const wanted = {
    ...wordsOf(values),
    until: values.until === undefined ? null : readUntil(values.until, now),
  }
  const stores = openStores(config)
  const store = createMaintenanceStore(stores.database)
  try {
    const states: Record<string, Maintenance | null> = {}
    for (const { name } of tenants) {
      if (act === 'on') await begin(stores.trail, store, name, { ...wanted, by: operator, since: now })
      if (act === 'off') await end(stores.trail, store, name)
      states[name] = await store.read(name, now)
    }
    const lines = Object.entries(states).map(([tenant, state]) => lineOf(tenant, state, now))
    process.stdout.write(`${values.json === true ? JSON.stringify(states, null, 2) : lines.join('\n')}\n`)
    return exitCodes.done
  } finally {
    await stores.close()
  }
}

function wordsOf(values: {
  'message-en'?: string | undefined
  'message-fr'?: string | undefined
  'read-only'?: boolean | undefined
}): Pick<Maintenance, 'readOnly' | 'en' | 'fr'> {
  const { 'message-en': en = null, 'message-fr': fr = null, 'read-only': readOnly = false } = values
  return { readOnly, en, fr }
}

async function begin(trail: Trail, store: MaintenanceStore, tenant: string, wanted: Maintenance) {
  const reason = wanted.en ?? wanted.fr
  const event = { tenant, action: 'maintenance.begin', actor, ...(reason !== null && { reason }) } as const
  await trail.act(event, () => store.begin(tenant, wanted))
}

async function end(trail: Trail, store: MaintenanceStore, tenant: string): Promise<void> {
  await trail.act({ tenant, action: 'maintenance.end', actor }, () => store.end(tenant))
}

function lineOf(tenant: string, state: Maintenance | null, now: Date): string {
  if (state === null) return commandText('command.maintenance.none', { tenant })
  const { readOnly, by, since } = state
  return commandText(readOnly ? 'command.maintenance.readOnly' : 'command.maintenance.announced', {
    tenant,
    since: since.toISOString(),
    by: byText(commandText, by),
    end: endOf(state, now),
  })
}

function endOf({ until, readOnly }: Maintenance, now: Date): string {
  if (until === null) return commandText('command.maintenance.open')
  const isLate = readOnly && until < now
  return commandText(isLate ? 'command.maintenance.late' : 'command.maintenance.until', {
    until: until.toISOString(),
  })
}
