import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { openApiDocument } from './openapi.ts'

const SERVICES = join(import.meta.dirname, '../../../services')
/** For people who have no key, or not yet. */
const OPEN = new Set([
  'optOutPage',
  'optOutByLink',
  'signIn',
  'listSignInMethods',
  'signInByOidc',
  'endSignInByOidc',
])
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** What OpenAPI 3.1 asks of a document, as far as ours uses it. */
const Reference = z.strictObject({ $ref: z.string().startsWith('#/components/') })
const Content = z.record(z.string(), z.strictObject({ schema: z.looseObject({}) }))
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().min(1),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: z.looseObject({}),
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean().optional(), content: Content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({
      description: z.string().min(1),
      headers: z.record(z.string(), z.looseObject({})).optional(),
      content: Content.optional(),
    }),
  ),
})
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  servers: z.array(z.strictObject({ url: z.literal('/api/v1') })),
  security: z.tuple([
    z.strictObject({ apiKey: z.tuple([]) }),
    z.strictObject({ session: z.tuple([]) }),
  ]),
  components: z.strictObject({
    securitySchemes: z.strictObject({
      apiKey: z.looseObject({ scheme: z.literal('bearer') }),
      session: z.looseObject({ in: z.literal('cookie') }),
    }),
    schemas: z.record(z.string().regex(/^[A-Z][A-Za-z]+$/), z.looseObject({})),
  }),
  paths: z.record(z.string().startsWith('/sms/'), z.partialRecord(z.enum(METHODS), Operation)),
  webhooks: z.record(z.string(), z.partialRecord(z.enum(METHODS), Operation)),
})

// As it goes over the wire.
const document = Document.parse(JSON.parse(JSON.stringify(openApiDocument())))
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

describe('the OpenAPI document', () => {
  test('names each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('has what each reference names, and refers to each schema it has', () => {
    const named = new Set<string>()
    forEachObject(document, (object) => {
      if (!('$ref' in object)) return
      const { $ref } = Reference.parse(object)
      named.add($ref.replace('#/components/schemas/', ''))
    })
    expect([...named].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted())
  })

  test('has only schemas that say something of their kind', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect({ name, kind: 'type' in schema || 'anyOf' in schema }).toEqual({ name, kind: true })
    }
  })

  test.each(operations)(
    '$method $path declares the parameters of its path',
    ({ path, operation }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? []
      expect(declared.map(({ name }) => name)).toEqual(inPath)
      expect(declared.every(({ required }) => required === true)).toBe(true)
    },
  )

  test.each(operations)(
    '$method $path says what a caller without a key gets',
    ({ path, operation }) => {
      const isOpen = path.startsWith('/sms/delivery/') || path.startsWith('/sms/inbound/')
      if (OPEN.has(operation.operationId)) expect(operation.security).toEqual([])
      else if (isOpen)
        expect([operation.security, '403' in operation.responses]).toEqual([[], true])
      else expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403']))
    },
  )

  test.each(operations)('$method $path answers errors as problems', ({ operation }) => {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      // A page for people speaks HTML.
      if (Number(status) < 400 || (content && 'text/html' in content)) continue
      expect(Object.keys(content ?? {})).toEqual(['application/problem+json'])
    }
  })

  test('takes in POST /send what the contract says', () => {
    const { SendRequest } = document.components.schemas
    expect(SendRequest).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['phone', 'message_type'],
    })
    expect(Object.keys(z.looseObject({}).parse(SendRequest?.['properties']))).toEqual([
      ...['phone', 'message', 'template_code', 'template_data', 'message_type', 'customer_id'],
      ...['channel', 'priority', 'schedule_at', 'expires_at', 'media_urls', 'metadata'],
    ])
  })

  test('describes every route that the services have, and no other', () => {
    const routes = listRouteFiles().flatMap((file) => readRoutes(readFileSync(file, 'utf8')))
    expect(routes.length).toBeGreaterThan(5)
    const described = operations.map(({ method, path }) => `${method} ${path}`)
    expect(described.toSorted()).toEqual([...new Set(routes)].toSorted())
  })
})

function forEachObject(value: unknown, visit: (object: object) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) visit(value)
  for (const each of Object.values(value)) forEachObject(each, visit)
}

function listRouteFiles(): string[] {
  return readdirSync(SERVICES).flatMap((service) => {
    const folder = join(SERVICES, service, 'src')
    const names = existsSync(folder) ? readdirSync(folder) : []
    return names.filter((name) => name.endsWith('routes.ts')).map((name) => join(folder, name))
  })
}

/**
 * Routes are written as `.get(PATH, ...)` or `.get(\`${PATH}/more\`, ...)`, with constants of their file: read from
 * the source, since no package may load a service.
 */
function readRoutes(source: string): string[] {
  const constants = new Map<string, string>()
  const resolve = (text: string) =>
    text.replace(/\$\{(\w+)\}/g, (_match, name: string) => constants.get(name) ?? `<${name}>`)
  for (const [, name = '', value = ''] of source.matchAll(/const ([A-Z_]+) = ['`]([^'`]*)['`]/g)) {
    constants.set(name, resolve(value))
  }
  const calls = source.matchAll(/\.(get|post|put|patch|delete)\(\s*(?:`([^`]*)`|([A-Z_]+))\s*,/g)
  return [...calls].flatMap(([, method = '', literal, name = '']) => {
    const path = literal === undefined ? (constants.get(name) ?? `<${name}>`) : resolve(literal)
    if (path === '/api/v1/openapi.json') return []
    return `${method} ${path.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}')}`
  })
}
