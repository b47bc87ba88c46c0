import { afterEach, expect, test } from '@jest/globals'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { type HealthCheck, healthRoutes } from './health.ts'
import { createHttpApp } from './http-server.ts'
import { createLogger } from './logger.ts'

const opened: TestServer[] = []
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close()
})

async function open(checks: Record<string, HealthCheck>, now = Date.now) {
  const app = createHttpApp()
  app.use(healthRoutes({ checks, logger: createLogger('test', 'silent'), now, limitMs: 50 }))
  const server = await openApp(app)
  opened.push(server)
  return async (path: string) => {
    const res = await fetch(server.url + path)
    return { status: res.status, body: await res.json() }
  }
}

const ok = () => Promise.resolve()
const away = () => Promise.reject(new Error('away'))

test('is ready while every check is', async () => {
  const ask = await open({ postgres: ok, redis: ok })
  expect(await ask('/readyz')).toEqual({
    status: 200,
    body: { status: 'ok', checks: { postgres: 'ok', redis: 'ok' } },
  })
})

test.each([
  ['rejects', away],
  ['never answers', () => new Promise(() => {})],
  [
    'throws',
    () => {
      throw new Error('bug')
    },
  ],
])('is not ready when a check %s, and says which; it lives all the same', async (_how, check) => {
  const ask = await open({ postgres: check, redis: ok })
  expect(await ask('/readyz')).toEqual({
    status: 503,
    body: { status: 'failing', checks: { postgres: 'failing', redis: 'ok' } },
  })
  expect(await ask('/healthz')).toEqual({ status: 200, body: { status: 'ok' } })
})

test('asks the stores once a second, however many ask it', async () => {
  let at = 0
  let asked = 0
  const check = () => {
    asked++
    return asked === 1 ? Promise.resolve() : Promise.reject(new Error('away'))
  }
  const ask = await open({ postgres: check }, () => at)
  const answers = await Promise.all([ask('/readyz'), ask('/readyz'), ask('/readyz')])
  at = 999
  answers.push(await ask('/readyz'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(asked).toBe(1)
  at = 1_000
  expect((await ask('/readyz')).status).toBe(503)
  expect(asked).toBe(2)
})
