import type { Registry } from '@sms-gateway/service-kit/metrics'
import { counterIn, histogramIn } from '@sms-gateway/service-kit/metrics'
import type { DispatchDeps } from './dispatch-message.ts'

const BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Counts what each submission amounted to, by provider. */
export function countAttempts(registry: Registry): DispatchDeps['onAttempt'] {
  const attempts = counterIn(registry, {
    name: 'sms_attempts_total',
    help: 'Submissions to a provider, by what they amounted to',
    labelNames: ['provider', 'outcome'],
  })
  const seconds = histogramIn(registry, {
    name: 'sms_provider_latency_seconds',
    help: "Time from a submission to the provider's answer",
    labelNames: ['provider'],
    buckets: BUCKETS_SECONDS,
  })
  return ({ provider, kind, seconds: taken }) => {
    attempts.inc({ provider, outcome: kind })
    seconds.observe({ provider }, taken)
  }
}
