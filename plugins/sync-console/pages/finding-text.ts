import type { JournalFinding } from '../../../src/store/sync-journal.ts'
import { findingText as textOf } from '../../../src/store/sync-finding-text.ts'
import { momentText } from '../../web/time.ts'
import type { Reader } from './reader.ts'

/** What is the matter, in a sentence for a page. */
export function findingText({ t, locale }: Reader, finding: JournalFinding): string {
  return textOf(t, finding, (at) => momentText(locale, at))
}
