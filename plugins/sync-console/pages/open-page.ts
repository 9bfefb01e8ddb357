import type { FastifyReply, FastifyRequest } from 'fastify'
import { maySync, syncPermit } from '../../../src/access/sync-permit.ts'
import type { Frozen } from '../../../src/store/sync-freeze.ts'
import { html, type HtmlValue } from '../../web/html.ts'
import { viewerOf } from '../../web/viewer.ts'
import type { SyncConsole } from '../console.ts'
import { frozenNotice } from './frozen-notice.ts'
import type { Reader } from './reader.ts'

export type OpenedPage = {
  reader: Reader
  frozen: Frozen | null
  /** Sends it; while all writing is frozen every page says so. */
  show: (title: string, main: HtmlValue) => FastifyReply
}

/** What every page of the synchronization begins with. Throws Problem `not-permitted`, `not-signed-in`. */
export async function openPage(
  { freeze, clock }: Pick<SyncConsole, 'freeze' | 'clock'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<OpenedPage> {
  const { t, locale, tenant } = request
  const actor = await request.actor()
  syncPermit(actor, 'sync.read')
  const frozen = await freeze.read(tenant.name)
  const mayRun = maySync(actor, 'sync.run')
  const reader = { t, locale, now: clock(), mayRun, csrf: () => reply.csrf() }
  return {
    reader,
    frozen,
    show: (title, main) =>
      reply.page({
        title,
        section: 'sync',
        viewer: viewerOf(actor),
        main: html`${frozenNotice(reader, frozen)}${main}`,
      }),
  }
}
