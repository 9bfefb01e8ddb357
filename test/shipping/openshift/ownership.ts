import type { ApiObject } from './api-object.ts'

/** Written to what a controller makes: it goes with its owner. */
export function ownerReference({ apiVersion, kind, metadata }: ApiObject) {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }
}

export function isOwned({ metadata }: ApiObject, owner: ApiObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid)
}
