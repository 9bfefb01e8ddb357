import { codeOf } from '../../../src/problems/thrown.ts'
import { IncompleteSource } from '../connector.ts'

/** Loads a driver that not every installation has. Throws IncompleteSource, which says what to install. */
export async function optionalDriver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    const isAbsent = codeOf(error) === 'ERR_MODULE_NOT_FOUND'
    const detail = isAbsent ? `needs the npm package ${name}: npm install ${name}` : `${name} does not load`
    throw new IncompleteSource('refused', detail, { cause: error })
  }
}
