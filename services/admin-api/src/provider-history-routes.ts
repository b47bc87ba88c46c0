import { Router } from 'express'
import {
  ProviderHistoryQuery,
  type ProviderHistoryResponse,
  type ProviderSpan,
} from '@sms-gateway/contracts/provider-history'
import type { Db } from '@sms-gateway/db/connect'
import { listProviderEvents } from '@sms-gateway/db/provider-events'
import {
  type ProviderSpan as StoredSpan,
  readProviderSpans,
} from '@sms-gateway/db/provider-minutes'
import { ProviderName } from '@sms-gateway/domain/provider'
import { type Authenticate, clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { seesOperating, withoutActor } from './operators-words.ts'

export interface ProviderHistoryDeps {
  db: Db
  authenticate: Authenticate
  now: () => Date
}

const HISTORY = '/api/v1/sms/providers/:name/history'
/** Beyond it a minute is less than a point of a chart. */
const MOST_SINGLE_MINUTES = 180
const MINUTE_MS = 60_000
const MOST_EVENTS = 200

/** No client's data: as `GET /overview`, for whoever may read, but for what the operators wrote. */
export function providerHistoryRoutes({ db, authenticate, now }: ProviderHistoryDeps): Router {
  const mayRead = requireScope(authenticate, 'read', 'operate')
  return Router().get(HISTORY, mayRead, async (req, res) => {
    const provider = ProviderName.safeParse(req.params['name'])
    if (!provider.success) throw new HttpProblem('provider-not-found', 'There is no such provider.')
    const { minutes } = parseRequest(ProviderHistoryQuery, req.query)
    const history = await readHistory(db, provider.data, minutes, now())
    const operates = seesOperating(clientOf(res))
    res.json(operates ? history : { ...history, events: history.events.map(withoutActor) })
  })
}

async function readHistory(
  db: Db,
  provider: ProviderName,
  minutes: number,
  now: Date,
): Promise<ProviderHistoryResponse> {
  const step = minutes <= MOST_SINGLE_MINUTES ? 1 : 15
  const stepMs = step * MINUTE_MS
  const count = Math.ceil(minutes / step)
  const first = (Math.floor(now.getTime() / stepMs) - count + 1) * stepMs
  const since = new Date(first)
  const spans = await readProviderSpans(db, provider, { since, minutes: step })
  const events = await listProviderEvents(db, MOST_EVENTS, { provider, since })
  return {
    provider,
    step_minutes: step,
    data: Array.from({ length: count }, (_, index) => {
      const at = new Date(first + index * stepMs)
      return toSpan(
        at,
        spans.filter((span) => span.at.getTime() === at.getTime()),
      )
    }),
    events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
  }
}

const OF_RECEIPTS = ['delivered', 'undelivered']
const NAMED = ['accepted', 'refused', 'throttled', 'unreachable', 'in_doubt']

function toSpan(at: Date, outcomes: readonly StoredSpan[]): ProviderSpan {
  const countOf = (name: string) => outcomes.find(({ outcome }) => outcome === name)?.attempts ?? 0
  const tried = outcomes.filter(({ outcome }) => !OF_RECEIPTS.includes(outcome))
  const attempts = sumOf(tried.map((each) => each.attempts))
  const latencyMs = sumOf(tried.map((each) => each.latencyMs))
  return {
    at: at.toISOString(),
    attempts,
    accepted: countOf('accepted'),
    refused: countOf('refused'),
    throttled: countOf('throttled'),
    unreachable: countOf('unreachable'),
    in_doubt: countOf('in_doubt'),
    other: attempts - sumOf(NAMED.map(countOf)),
    delivered: countOf('delivered'),
    undelivered: countOf('undelivered'),
    success_rate: attempts === 0 ? null : countOf('accepted') / attempts,
    latency_ms_mean: attempts === 0 ? null : Math.round(latencyMs / attempts),
    latency_ms_max: attempts === 0 ? null : Math.max(...tried.map((each) => each.latencyMsMax)),
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
