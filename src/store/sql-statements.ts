/** Comments, quoted texts and names, dollar quotes; then everything else, sign by sign. */
const token = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[^]*?\$\1\$|[^]/g

/** The statements of a file of SQL, without comments, each on one line. */
export function sqlStatements(text: string): string[] {
  const statements = ['']
  for (const [piece] of text.matchAll(token)) {
    if (piece === ';') statements.push('')
    else if (!piece.startsWith('--') && !piece.startsWith('/*'))
      statements.push((statements.pop() ?? '') + piece)
  }
  return statements
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '')
}
