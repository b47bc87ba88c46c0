import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { createHttpApp } from './http-server.ts'
import { counterIn, createRegistry, gaugeIn, histogramIn, metricsRoute } from './metrics.ts'

const registry = createRegistry({ ofProcess: true })
let server: TestServer
beforeAll(async () => {
  const app = createHttpApp()
  app.use(metricsRoute(registry))
  server = await openApp(app)
})
afterAll(() => server.close())

test('keeps the metrics of two registries apart', async () => {
  const [one, two] = [createRegistry(), createRegistry()]
  const config = { name: 'sent_total', help: 'x', labelNames: ['provider'] as const }
  counterIn(one, config).inc({ provider: 'twilio' })
  counterIn(two, config)
  expect(await one.metrics()).toContain('sent_total{provider="twilio"} 1')
  expect(await two.metrics()).not.toContain('twilio')
  expect(await two.metrics()).not.toContain('process_cpu')
})

test('answers the same metric to two services that share a registry', () => {
  const shared = createRegistry()
  const config = { name: 'x', help: 'x' }
  expect(gaugeIn(shared, config)).toBe(gaugeIn(shared, config))
  const named = { ...config, name: 'y' }
  expect(histogramIn(shared, named)).toBe(histogramIn(shared, named))
  expect(() => counterIn(shared, config)).toThrow('x')
})

test('serves them as Prometheus reads them, those of the process too', async () => {
  counterIn(registry, { name: 'sent_total', help: 'x' }).inc()
  const res = await fetch(`${server.url}/metrics`)
  expect(res.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const body = await res.text()
  expect(body).toContain('sent_total 1')
  expect(body).toContain('process_cpu')
})
