import { expect, test } from '@jest/globals'
import { createLogger } from './logger.ts'

function capture(log: (logger: ReturnType<typeof createLogger>) => void, level = 'info' as const) {
  const lines: string[] = []
  log(createLogger('test', level, { write: (line) => lines.push(line) }))
  return lines
}

test('writes one JSON line with name, ISO time and message', () => {
  const [line = ''] = capture((logger) => {
    logger.info({ messageId: 'm1' }, 'dispatched')
  })
  expect(JSON.parse(line)).toMatchObject({ name: 'test', messageId: 'm1', msg: 'dispatched' })
  expect(JSON.parse(line)).toHaveProperty('time', expect.stringMatching(/^\d{4}-.*T.*Z$/))
})

test('leaves out what is below its level', () => {
  expect(
    capture((logger) => {
      logger.debug('x')
    }),
  ).toEqual([])
})

const SECRET = '0912345678'
test.each([
  ['top', { phone: SECRET }],
  ['top, object', { body: { x: SECRET } }],
  ['nested', { a: { text: SECRET } }],
  ['deeper', { a: { b: { c: { to: SECRET } } } }],
  ['in a list', { items: [{ recipient: SECRET }] }],
  ['headers', { req: { headers: { authorization: SECRET } } }],
  ['header', { authorization: SECRET, 'x-twilio-signature': SECRET }],
  ['bytes', { a: { raw: Buffer.from(SECRET) } }],
  ['toJSON', { a: { toJSON: () => ({ phone: SECRET }) } }],
  ['too deep to look', { a: { b: { c: { d: { e: { f: { g: { phone: SECRET } } } } } } } }],
])('censors numbers and texts: %s', (_where, fields) => {
  const line = capture((logger) => {
    logger.info(fields, 'x')
  }).join('')
  expect(line).not.toContain(SECRET)
  expect(line).not.toContain(Buffer.from(SECRET).join(','))
})

test('censors the bindings of a child logger', () => {
  const line = capture((logger) => {
    logger.child({ phone: SECRET }).info('x')
  }).join('')
  expect(line).toContain('[Redacted]')
})

test('does not change what it was given, and survives a circle', () => {
  const circle: Record<string, unknown> = { phone: SECRET }
  circle['self'] = circle
  capture((logger) => {
    logger.info({ circle }, 'x')
  })
  expect(circle['phone']).toBe(SECRET)
})

test('keeps of an error what we know, and none of what a client hung on it', () => {
  const cause = Object.assign(new Error('inner'), { code: 'ECONNRESET', config: { data: SECRET } })
  const err = Object.assign(new Error('outer', { cause }), { detail: `Key (phone)=(${SECRET})` })
  const [line = ''] = capture((logger) => {
    logger.error({ err, nested: { cause: err } }, 'failed')
  })
  expect(JSON.parse(line)).toMatchObject({
    err: { message: 'outer', stack: expect.any(String), cause: { code: 'ECONNRESET' } },
  })
  expect(line).not.toContain(SECRET)
})
