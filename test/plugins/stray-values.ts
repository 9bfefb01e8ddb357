/** What a value that was not meant for people leaves in a page: `undefined`, `[object Object]`, a `false` between tags. Empty when there is none. */
export function strayValues(page: string): string[] {
  const text = page.replaceAll(/<(script|style)\b.*?<\/\1>/gs, '')
  return [
    ...text.matchAll(
      /.{0,40}(?:\bundefined\b|\[object |>\s*(?:false|true|null|NaN)\s*<|\b(?:href|src|value|action|id|name|alt)="(?:false|null|NaN)").{0,40}/g,
    ),
  ].map(([found]) => found)
}
