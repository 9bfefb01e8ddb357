import { join, relative } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'

/** Where the program is, beside what it reads. */
const folder = 'program'

/**
 * Puts the program at `root` and its packages into a few files below `into`: 1,700 modules take Node most of a second to load, and memory to hold. What is loaded only when
 * it is needed gets files of its own. `external`: packages that stay packages. Nothing is made shorter: a stack trace names functions as they are written.
 */
export async function bundleProgram(root: string, into: string, external: string[]): Promise<void> {
  const bundle = await rolldown({
    input: join(root, 'src/main.ts'),
    platform: 'node',
    external,
    plugins: [filesBesideProgram(root)],
    checks: { eval: false }, // that of depd, a package of koa's, is given the names of parameters
  })
  await bundle.write({
    dir: join(into, folder),
    format: 'esm',
    entryFileNames: 'main.js',
    keepNames: true, // oidc-provider stores what it makes under the names of its classes
    comments: { legal: true, annotation: false, jsdoc: false },
  })
}

/** A module that reads files beside itself, style sheets or migrations, finds them from the bundle too. */
function filesBesideProgram(root: string): Plugin {
  return {
    name: 'files-beside-program',
    transform(code, id) {
      if (id.includes('/node_modules/') || !code.includes('import.meta.url')) return null
      const place = JSON.stringify(relative(join(root, folder), id))
      return { code: code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`) }
    },
  }
}
