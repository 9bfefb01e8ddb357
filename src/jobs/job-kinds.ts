import { z } from 'zod'

/** A mail as it leaves; rendered before it is queued, so that another version of us can send it. */
const mail = z.object({
  tenant: z.string(),
  from: z.string(),
  to: z.array(z.string()).min(1),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
})

const recoveryRequest = z.object({
  tenant: z.string(),
  /** What the person typed: a login or a mail address. */
  identifier: z.string(),
  origin: z.object({ requestId: z.string().exactOptional(), address: z.string().exactOptional() }),
})

const tenantOnly = z.object({ tenant: z.string() })

const syncRun = z.object({ tenant: z.string(), run: z.string() })

const syncTask = z.object({ tenant: z.string(), task: z.string() })

/** The address is in the configuration too, with its secret: one that left it is told nothing more. */
const syncWebhook = z.object({ tenant: z.string(), run: z.string(), url: z.string() })

/** What each kind of job is given; always with the tenant it is for. */
export type JobPayloads = {
  'mail.send': z.infer<typeof mail>
  'recovery.mail': z.infer<typeof recoveryRequest>
  'audit.purge': z.infer<typeof tenantOnly>
  'sync.run': z.infer<typeof syncRun>
  'sync.scheduled': z.infer<typeof syncTask>
  'sync.purge': z.infer<typeof tenantOnly>
  'sync.webhook': z.infer<typeof syncWebhook>
}
export type JobName = keyof JobPayloads

/** How often a job is tried again, after how many seconds at first (doubling) and at most, and for how long one try may run. */
type Retries = { tries: number; delay: number; longestDelay: number; runtime: number }

const outsideServer: Retries = { tries: 10, delay: 2, longestDelay: 600, runtime: 120 }

const nightly: Retries = { tries: 3, delay: 60, longestDelay: 600, runtime: 600 }

/** A day is pg-boss's most. What takes longer is stopped and goes on in its next try, as after a kill: tries are for those, entries have their own. */
const longRun: Retries = { tries: 20, delay: 5, longestDelay: 60, runtime: 86_400 }

type JobKind<N extends JobName> = {
  payload: z.ZodType<JobPayloads[N]>
  retries: Retries
  /** One that runs for hours: its worker says every few seconds that it lives (another takes over when it does not), and takes no second one meanwhile. */
  isLong?: true
}

export const jobKinds: { readonly [N in JobName]: JobKind<N> } = {
  'mail.send': { payload: mail, retries: outsideServer },
  'recovery.mail': { payload: recoveryRequest, retries: { ...outsideServer, tries: 5, longestDelay: 60 } },
  'audit.purge': { payload: tenantOnly, retries: nightly },
  'sync.run': { payload: syncRun, retries: longRun, isLong: true },
  'sync.scheduled': { payload: syncTask, retries: longRun, isLong: true },
  'sync.purge': { payload: tenantOnly, retries: { ...nightly, runtime: 7_200 } },
  'sync.webhook': { payload: syncWebhook, retries: outsideServer },
}

export const jobNames: readonly JobName[] = [
  'mail.send',
  'recovery.mail',
  'audit.purge',
  'sync.run',
  'sync.scheduled',
  'sync.purge',
  'sync.webhook',
]
