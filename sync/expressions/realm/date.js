const RealDate = Date
let now = 0

/** The one instant of a batch: a run is the same however long it takes, and tests choose it. */
export function setNow(milliseconds) {
  now = milliseconds
}

/** JavaScript's Date, but that its present is the batch's. */
export const BatchDate = class Date extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now)
    else super(...parts)
  }
  static now() {
    return now
  }
}

/** `20261125101500Z` (RFC 4517 section 3.3.13). Throws for a date that is none. */
export function generalizedTime(date) {
  return `${date
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '')}Z`
}
