import { type Request, type Response, Router } from 'express'
import {
  collectDefaultMetrics,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client'

export type { Counter, Gauge, Histogram, Registry }

/** One a process, handed down: prom-client's global one would mix the services of one process, and tests. */
export function createRegistry({ ofProcess = false }: { ofProcess?: boolean } = {}): Registry {
  const registry = new Registry()
  if (ofProcess) collectDefaultMetrics({ register: registry })
  return registry
}

// Each answers the metric that is there already: services that share a process share its registry.

export function counterIn<Label extends string>(
  registry: Registry,
  config: CounterConfiguration<Label>,
): Counter<Label> {
  const existing = registry.getSingleMetric<Label>(config.name)
  return existing instanceof Counter ? existing : new Counter({ ...config, registers: [registry] })
}

export function gaugeIn<Label extends string>(
  registry: Registry,
  config: GaugeConfiguration<Label>,
): Gauge<Label> {
  const existing = registry.getSingleMetric<Label>(config.name)
  return existing instanceof Gauge ? existing : new Gauge({ ...config, registers: [registry] })
}

export function histogramIn<Label extends string>(
  registry: Registry,
  config: HistogramConfiguration<Label>,
): Histogram<Label> {
  const existing = registry.getSingleMetric<Label>(config.name)
  return existing instanceof Histogram
    ? existing
    : new Histogram({ ...config, registers: [registry] })
}

/** `GET /metrics` for Prometheus. */
export function metricsRoute(registry: Registry): Router {
  return Router().get('/metrics', async (_req: Request, res: Response) => {
    res.type(registry.contentType).send(await registry.metrics())
  })
}
