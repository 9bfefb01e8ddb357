import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigFault } from './config-fault.ts'
import { readYaml, type YamlFile } from './read-yaml.ts'
import { codeOf } from '../problems/thrown.ts'

export type SourceFile = YamlFile & { file: string }

/**
 * Reads the file, or every *.yaml and *.yml below the folder in the order of their paths. Names that begin with a dot are left
 * out: Kubernetes keeps the versions of a mounted ConfigMap beside its files, in `..data`.
 */
export async function readSource(path: string): Promise<SourceFile[]> {
  try {
    const files = (await stat(path)).isDirectory() ? (await yamlFiles(path)).toSorted() : [path]
    if (files.length === 0) return [unreadable(path, 'a folder without any *.yaml', 'at least one *.yaml')]
    return await Promise.all(files.map(readOne))
  } catch (error) {
    return [unreadable(path, reasonOf(error), 'a file or a folder of YAML that can be read')]
  }
}

async function yamlFiles(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const found = names.map(async (name) => {
    const path = join(folder, name)
    // stat and not the entry's own kind: the files of a ConfigMap are symbolic links.
    if ((await stat(path)).isDirectory()) return yamlFiles(path)
    return /\.ya?ml$/.test(name) ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

async function readOne(file: string): Promise<SourceFile> {
  try {
    // fatal: a file in Latin-1 would otherwise bring U+FFFD into names that people read.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
    return { file, ...readYaml(file, text) }
  } catch (error) {
    return unreadable(file, reasonOf(error), 'a file in UTF-8 that can be read')
  }
}

function unreadable(file: string, found: string, expected: string): SourceFile {
  const fault: ConfigFault = { place: { file }, path: [], found, expected }
  return { file, root: null, faults: [fault], broken: true }
}

/** What a failed read is called, for a person: never its content. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES') return 'a file that this process may not read'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'a file that is not UTF-8'
  return `a file that cannot be read (${code === '' ? 'unknown reason' : code})`
}
