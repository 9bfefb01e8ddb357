import { z } from 'zod'
import type { ObjectStore } from './object-store.ts'
import type { SecurityContextConstraints } from './security-context-constraints.ts'

const binding = z.looseObject({
  roleRef: z.object({ kind: z.string(), name: z.string() }).loose(),
  subjects: z
    .array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
    .optional(),
})
const role = z.looseObject({
  rules: z.array(
    z.looseObject({
      apiGroups: z.array(z.string()).optional(),
      resources: z.array(z.string()).optional(),
      resourceNames: z.array(z.string()).optional(),
      verbs: z.array(z.string()),
    }),
  ),
})

/** Whether a ServiceAccount is named by the constraints, or bound in its namespace to a role that may `use` them. */
export function allowedToUse(
  store: ObjectStore,
  { metadata: { name }, users }: SecurityContextConstraints,
  namespace: string,
  serviceAccount: string,
): boolean {
  if (users?.includes(`system:serviceaccount:${namespace}:${serviceAccount}`) === true) return true
  const bindings = store.list('RoleBinding', namespace).map((object) => binding.parse(object))
  return bindings.some(({ roleRef, subjects = [] }) => {
    const isBound = subjects.some(
      (subject) =>
        subject.kind === 'ServiceAccount' &&
        subject.name === serviceAccount &&
        (subject.namespace ?? namespace) === namespace,
    )
    const of = roleRef.kind === 'Role' ? namespace : undefined
    const found = isBound ? store.get(roleRef.kind, of, roleRef.name) : undefined
    return found !== undefined && grantsUse(role.parse(found), name)
  })
}

function grantsUse({ rules }: z.infer<typeof role>, name: string): boolean {
  return rules.some(
    ({ apiGroups = [], resources = [], resourceNames, verbs }) =>
      apiGroups.includes('security.openshift.io') &&
      resources.includes('securitycontextconstraints') &&
      (resourceNames === undefined || resourceNames.includes(name)) &&
      verbs.includes('use'),
  )
}
