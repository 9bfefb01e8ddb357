import type { FastifyError, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { Problem, type Fault } from '../src/problems/problem.ts'

type Issue = NonNullable<FastifyError['validation']>[number]

/** A refusal by a route's zod schema as Problem `invalid-input` with a fault for each field; undefined for any other error. */
export function validationProblem(error: unknown, request: FastifyRequest): Problem | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined
  const place = 'validationContext' in error ? error.validationContext : 'body'
  const input = place === 'querystring' ? request.query : place === 'params' ? request.params : request.body
  const faults = error.validation.flatMap((issue) => faultsOfIssue(issue, input))
  // zod goes on to measure a list where it wanted a text.
  const mistyped = new Set(faults.filter(({ reason }) => reason === 'wrong-type').map(({ field }) => field))
  return new Problem('invalid-input', {
    faults: faults.filter(({ field, reason }) => reason === 'wrong-type' || !mistyped.has(field)),
  })
}

/** For a route with `attachValidation`, which answers with its form: throws the problem of what the schema refused. */
export function refuseInvalid(request: FastifyRequest): void {
  const problem = validationProblem(request.validationError, request)
  if (problem !== undefined) throw problem
}

/** Issues of zod are told by their code and numbers, never by their English text. */
function faultsOfIssue({ keyword, instancePath, params }: Issue, input: unknown): Fault[] {
  const path = instancePath.split('/').filter((part) => part !== '')
  const field = path.join('.')
  const limit = { min: numberIn(params, 'minimum'), max: numberIn(params, 'maximum') }
  const isText = params['origin'] === 'string'
  switch (keyword) {
    case 'invalid_type':
      if (valueAt(input, path) === undefined) return [{ field, reason: 'required' }]
      return [{ field, reason: 'wrong-type', params: { expected: String(params['expected']) } }]
    case 'too_small':
      if (isText && limit.min === 1) return [{ field, reason: 'required' }]
      return [{ field, reason: isText ? 'too-short' : 'too-small', params: { min: limit.min } }]
    case 'too_big':
      return [{ field, reason: isText ? 'too-long' : 'too-big', params: { max: limit.max } }]
    case 'unrecognized_keys':
      return namesIn(params, 'keys').map((key) => ({
        field: [...path, key].join('.'),
        reason: 'unknown-field',
      }))
    case 'invalid_value':
      return [{ field, reason: valueAt(input, path) === undefined ? 'required' : 'not-allowed' }]
    default:
      return [{ field, reason: 'malformed' }]
  }
}

function numberIn(params: Readonly<Record<string, unknown>>, name: string): number {
  return Number(params[name] ?? 0)
}

function namesIn(params: Readonly<Record<string, unknown>>, name: string): string[] {
  const names = params[name]
  return Array.isArray(names) ? names.map(String) : []
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([key]) => key === part)?.[1]
  }
  return value
}
