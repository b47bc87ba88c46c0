import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Router } from 'express'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { createLogger } from './logger.ts'
import { createRegistry } from './metrics.ts'
import { createServiceApp } from './service-app.ts'

let server: TestServer
beforeAll(async () => {
  const routes = Router()
    .get('/api/v1/templates/:code', (req, res) => {
      res.json({ code: req.params['code'] })
    })
    .get('/api/v1/Exact', (_req, res) => {
      res.json({ code: 'Exact' })
    })
  const page = Router().get('/{*path}', (_req, res) => {
    res.json({ code: 'page' })
  })
  const app = createServiceApp({
    logger: createLogger('test', 'silent'),
    registry: createRegistry(),
    checks: {},
    routers: [Router().use(routes), page],
    isOutage: () => false,
  })
  server = await openApp(app)
})
afterAll(() => server.close())

test.each([
  ['/api/v1/templates/Welcome', 'Welcome'],
  ['/api/v1/Exact', 'Exact'],
  ['/assets/index-AbC.js', 'page'],
  ['/api/v1/TEMPLATES/welcome', 'route-not-found'],
  ['/API/v1/templates/welcome/', 'route-not-found'],
  ['/api/v1/EXACT', 'route-not-found'],
  ['/Metrics', 'route-not-found'],
  ['/HEALTHZ', 'route-not-found'],
])('%s is answered by %s', async (path, code) => {
  const answer = await fetch(`${server.url}${path}`)
  expect(await answer.json()).toMatchObject({ code })
})
