import type { AlertCount } from '@sms-gateway/db/tell-alerts'
import type { Registry } from '@sms-gateway/service-kit/metrics'
import { counterIn, gaugeIn } from '@sms-gateway/service-kit/metrics'
import type { Beat } from '@sms-gateway/service-kit/repeat'

/** A heartbeat for each thing the scheduler does: somebody must miss it when it stops. */
export function countBeats(registry: Registry): (beat: Beat) => void {
  const runs = counterIn(registry, {
    name: 'sms_scheduler_runs_total',
    help: 'Runs of what the scheduler does by the clock',
    labelNames: ['task', 'outcome'],
  })
  const lastRun = gaugeIn(registry, {
    name: 'sms_scheduler_last_run_timestamp_seconds',
    help: 'When a job of the scheduler last ran to its end',
    labelNames: ['task'],
  })
  return ({ name, kind }) => {
    runs.inc({ task: name, outcome: kind })
    if (kind === 'done') lastRun.set({ task: name }, Date.now() / 1000)
  }
}

/** Whether it stands still: by an operator's word, or after a restore. */
export function showPause(registry: Registry): (isPaused: boolean) => void {
  const paused = gaugeIn(registry, {
    name: 'sms_gateway_paused',
    help: '1 while the gateway is paused: messages are accepted and wait',
  })
  return (isPaused) => paused.set(isPaused ? 1 : 0)
}

/** Old months that are not dropped, because messages in them are not at their end: somebody has to look. */
export function countWaitingMonths(registry: Registry): (months: number) => void {
  const waiting = gaugeIn(registry, {
    name: 'sms_retention_waiting_months',
    help: 'Months older than SMS_RETENTION_DAYS that are kept, as some of their messages are not at their end',
  })
  return (months) => waiting.set(months)
}

/** Budgets that are past a mark in the day or month that runs: of a hard one at 100 percent nothing more goes out. */
export function countBudgetAlerts(registry: Registry): (counts: readonly AlertCount[]) => void {
  const alerts = gaugeIn(registry, {
    name: 'sms_budget_alerts',
    help: 'Counters of budgets that have come to a mark in the day or month that runs',
    labelNames: ['scope', 'period', 'hard', 'percent'],
  })
  return (counts) => {
    alerts.reset()
    for (const { scope, period, hard, percent, count } of counts) {
      alerts.set({ scope, period, hard: String(hard), percent }, count)
    }
  }
}
