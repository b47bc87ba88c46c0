import type { Db } from '@sms-gateway/db/connect'
import { addTallies, type AttemptTally } from '@sms-gateway/db/provider-minutes'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { startRepeating } from '@sms-gateway/service-kit/repeat'
import type { AttemptFacts } from './submit-attempt.ts'

/** Counts submissions by provider, minute and outcome, and adds them to the database every few seconds. */
export interface Tallies {
  count(facts: AttemptFacts): void
  close(): Promise<void>
}

const FLUSH_MS = 2_000
const MINUTE_MS = 60_000

export function openTallies(db: Db, logger: Logger, now: () => Date): Tallies {
  let counted = new Map<string, AttemptTally>()
  const add = (tally: AttemptTally) => {
    const key = `${tally.provider} ${tally.minute.getTime()} ${tally.outcome}`
    const before = counted.get(key)
    counted.set(key, before ? merge(before, tally) : tally)
  }
  const flush = async () => {
    if (counted.size === 0) return
    const tallies = [...counted.values()]
    counted = new Map()
    try {
      await addTallies(db, tallies)
    } catch (err) {
      tallies.forEach(add)
      throw err
    }
  }
  const repeating = startRepeating({ name: 'tallies', everyMs: FLUSH_MS, run: flush, logger })
  return {
    count({ provider, kind, seconds }) {
      const minute = new Date(Math.floor(now().getTime() / MINUTE_MS) * MINUTE_MS)
      const latencyMs = Math.round(seconds * 1000)
      add({ provider, minute, outcome: kind, attempts: 1, latencyMs, latencyMsMax: latencyMs })
    },
    async close() {
      await repeating.stop()
      await flush()
    },
  }
}

function merge(a: AttemptTally, b: AttemptTally): AttemptTally {
  return {
    ...a,
    attempts: a.attempts + b.attempts,
    latencyMs: a.latencyMs + b.latencyMs,
    latencyMsMax: Math.max(a.latencyMsMax, b.latencyMsMax),
  }
}
