import { copyFileSync, cpSync, globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundleProgram } from './bundle-program.ts'
import { copyPackages, wholePackages } from './copy-packages.ts'

// All that the image has of ours: `node make-runtime.ts INTO [ROOT]`.
const [into = 'runtime', root = process.cwd()] = process.argv.slice(2)

await bundleProgram(root, into, wholePackages)
copyPackages(root, into)
cpSync(join(root, 'migrations'), join(into, 'migrations'), { recursive: true })
copyFileSync(join(root, 'package.json'), join(into, 'package.json'))
// Style sheets, pictures, scripts for browsers: what is no module is read from beside the program.
for (const file of globSync('{plugins,src,sync}/**/*.{css,csv,js,ldif,svg}', { cwd: root })) {
  mkdirSync(dirname(join(into, file)), { recursive: true })
  copyFileSync(join(root, file), join(into, file))
}
