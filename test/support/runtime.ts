import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { template } from './template.ts'

const checkout = join(import.meta.dirname, '../..')

/** The folder that the image has at /opt/idaas, made as the image's build makes it: the program in a few files, and what it reads. */
export async function runtime(): Promise<string> {
  const files = globSync('{src,plugins,sync,migrations,deploy/image}/**/*.*', { cwd: checkout }).toSorted()
  const texts = [...files, 'package-lock.json'].map((file) => readFileSync(join(checkout, file), 'latin1'))
  return await template('runtime', texts, async (folder) => {
    const script = join(checkout, 'deploy/image/make-runtime.ts')
    await promisify(execFile)(process.execPath, [script, folder], { cwd: checkout })
  })
}

/** Its command line's file. */
export const programOf = (folder: string): string => join(folder, 'program/main.js')
