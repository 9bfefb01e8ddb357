/** `2026-11-25 02:15 UTC`, in every language: it can be sorted and searched for. */
export function minuteOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
