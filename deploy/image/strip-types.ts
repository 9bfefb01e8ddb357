import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

// Puts spaces where types were, as Node does at every start: lines and columns stay, and no container loads the compiler for it.
for (const file of globSync('{src,plugins,sync}/**/*.ts')) writeFileSync(file, stripped(file))
// What tells Node so is loaded before it knows.
writeFileSync('without-types.js', stripped(join(import.meta.dirname, 'without-types.ts')))

function stripped(file: string): string {
  return stripTypeScriptTypes(readFileSync(file, 'utf8'))
}
