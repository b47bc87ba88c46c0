import { z } from 'zod'

/** Pieces of which the operations of the OpenAPI document are made. */

export function messageIdParameter() {
  return { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }
}

export function pathParameter(name: string, options?: readonly string[]) {
  const schema = { type: 'string', ...(options && { enum: options }) }
  return { name, in: 'path', required: true, schema }
}

export function problems(descriptions: Record<number, string>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: reference('Problem') } } },
    ]),
  )
}

export function json(name: string) {
  return { 'application/json': { schema: reference(name) } }
}

export function reference(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}

/** Of the body of a request (`input`), or of an answer (`output`). */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string', maxLength: 255 },
  description: 'The same key and body within 24 hours answers the first result.',
}

/** Of what is answered page by page. */
export const PAGE = [
  { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, default: 50 } },
  { name: 'cursor', in: 'query', schema: { type: 'string' } },
]

/** What they get who have no key, or one without the scope. */
export function withoutScope(scope: string) {
  return { 401: 'No valid API key', 403: `The key lacks the scope \`${scope}\`` }
}
