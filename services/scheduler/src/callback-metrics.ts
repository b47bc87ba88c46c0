import { counterIn, gaugeIn, histogramIn, type Registry } from '@sms-gateway/service-kit/metrics'
import type { Delivery } from './deliver-callback.ts'

export interface CallbackMetrics {
  onDelivery(delivery: Delivery): void
  onDisabled(): void
  onBacklog(overdueSeconds: number): void
}

/** Of all callbacks together: which of them fails is for its producer to see, by `GET /callbacks`. */
export function countCallbacks(registry: Registry): CallbackMetrics {
  const attempts = histogramIn(registry, {
    name: 'sms_callback_attempt_seconds',
    help: "Tries to hand an event to a producer's receiver, and how long they took",
    labelNames: ['outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  })
  const events = counterIn(registry, {
    name: 'sms_callback_events_total',
    help: 'Events of callbacks by what became of them at last',
    labelNames: ['state'],
  })
  const disabled = counterIn(registry, {
    name: 'sms_callbacks_disabled_total',
    help: 'Callbacks disabled because their receiver failed for days, or is gone',
  })
  const overdue = gaugeIn(registry, {
    name: 'sms_callback_overdue_seconds',
    help: 'How long the event waits that is due longest, of receivers that are well',
  })
  return {
    onDelivery({ settlement: { state, attempt }, outcome }) {
      if (outcome && attempt) attempts.observe({ outcome: outcome.kind }, attempt.latencyMs / 1_000)
      if (state !== 'pending') events.inc({ state })
    },
    onDisabled() {
      disabled.inc()
    },
    onBacklog(seconds) {
      overdue.set(seconds)
    },
  }
}
