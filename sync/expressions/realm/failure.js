/** What went wrong in a script, with its line, and without values of the entry: scripts put them in what they throw. */
export function failureText(error, rows) {
  const isError = error instanceof Error
  const text = isError ? `${error.name}: ${error.message}` : String(error)
  const line = isError ? /(?:expression|<input>):(\d+)/.exec(error.stack ?? '')?.[1] : undefined
  return withoutValues(text, rows).slice(0, 300) + (line === undefined ? '' : ` (line ${line})`)
}

function withoutValues(text, rows) {
  let masked = text
  for (const row of rows) {
    if (row === null || row === 1) continue
    for (const value of [row.name, ...row.seen()])
      if (value.length > 2) masked = masked.replaceAll(value, '…')
  }
  return masked
}
