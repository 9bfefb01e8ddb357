import type { Run } from '../../../src/store/sync-runs.ts'
import type { SafeHtml } from '../../web/html.ts'
import { momentText } from '../../web/time.ts'
import { crumbs, taskCrumb } from './crumbs.ts'
import type { Reader } from './reader.ts'
import { runPath } from './run-words.ts'

/** Where a page of a run is. */
export function runCrumbs({ t, locale }: Reader, { id, task, requestedAt }: Run): SafeHtml {
  const label = t('sync.run.crumb', { time: momentText(locale, requestedAt) })
  return crumbs(t, taskCrumb(task), { label, href: runPath(id) })
}
