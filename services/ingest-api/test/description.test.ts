import { beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { ProblemResponse } from '@sms-gateway/contracts/problem-response'
import { SendRequest } from '@sms-gateway/contracts/send-request'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import type { Ingest } from '../../all-in-one/test-support/ingest.ts'
import { startIngest } from '../../all-in-one/test-support/ingest.ts'

const Document = z.object({
  openapi: z.string().regex(/^3\.1\./),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})

const cleanUp = cleanUpAfterAll()
let ingest: Ingest
let document: z.infer<typeof Document>
beforeAll(async () => {
  ingest = await startIngest('postgres', cleanUp)
  const answer = await ingest.api.call('/api/v1/openapi.json', { key: null })
  expect(answer.status).toBe(200)
  document = Document.parse(answer.json)
})

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return JSON.parse(JSON.stringify(rest))
}

test.each([
  ['SendRequest', SendRequest, 'input'],
  ['Message', MessageResponse, 'output'],
  ['Problem', ProblemResponse, 'output'],
] as const)('describes %s by the schema that checks it', (name, schema, io) => {
  expect(document.components.schemas[name]).toEqual(jsonSchemaOf(schema, io))
})

test('describes what it serves: every reference is there, and each path answers', async () => {
  const references = JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)
  for (const [, name = ''] of references) {
    expect(Object.keys(document.components.schemas)).toContain(name)
  }
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/sms/send', '/sms/messages/{id}', '/sms/messages/{id}/cancel']),
  )
})

test('refuses what the description says it refuses', async () => {
  const required = z
    .object({ required: z.array(z.string()), additionalProperties: z.literal(false) })
    .parse(document.components.schemas['SendRequest'])
  const answer = await ingest.api.call('/api/v1/sms/send', { body: {} })
  const named = ProblemResponse.parse(answer.json).errors?.map(({ path }) => path)
  expect(named).toEqual(expect.arrayContaining(required.required))
})

test('tells machines how it is, without a key', async () => {
  const health = await ingest.api.call('/healthz', { key: null })
  expect(health).toMatchObject({ status: 200, json: { status: 'ok' } })
  const readiness = await ingest.api.call('/readyz', { key: null })
  expect(readiness).toMatchObject({
    status: 200,
    json: { status: 'ok', checks: { database: 'ok' } },
  })
  const metrics = await ingest.api.call('/metrics', { key: null })
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(metrics.text).toContain('http_request_duration_seconds_bucket')
  expect(metrics.text).toContain('process_cpu_user_seconds_total')
  expect(metrics.text).toContain('route="/api/v1/openapi.json"')
})
