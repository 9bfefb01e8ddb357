/** What became of a try to hand a mail to its server: `failed` is tried again, `refused` never. */
export const mailResults = ['sent', 'refused', 'failed'] as const
export type MailResult = (typeof mailResults)[number]

export type MailCount = { readonly tenant: string; readonly result: MailResult; readonly count: number }

export type MailCounts = {
  add(tenant: string, result: MailResult): void
  read(): readonly MailCount[]
}

/** Counts what this process sent since it began, for monitoring; 0 from the start, so that the first of a kind is seen as one more. */
export function createMailCounts(tenants: readonly string[]): MailCounts {
  const counts = new Map(tenants.map((tenant) => [tenant, { sent: 0, refused: 0, failed: 0 }]))
  return {
    add(tenant, result) {
      // A tenant that left the configuration while its mail waited is counted no more.
      const own = counts.get(tenant)
      if (own !== undefined) own[result] += 1
    },
    read: () =>
      [...counts].flatMap(([tenant, own]) =>
        mailResults.map((result) => ({ tenant, result, count: own[result] })),
      ),
  }
}
