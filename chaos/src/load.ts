import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Answer, Poster } from './post-message.ts'
import { createPoster } from './post-message.ts'
import type { AcceptedMessage } from './verdict.ts'

export interface NewMessage {
  phone: string
  message: string
  message_type: string
  priority?: 'urgent' | 'normal' | 'bulk'
}

export interface LoadPlan {
  urls: readonly string[]
  apiKey: string
  messageAt: (index: number) => NewMessage
  /** At least so many; more while they are wished for. */
  count: number
  wantsMore: () => boolean
  perSecond: number
}

export interface LoadResult {
  accepted: AcceptedMessage[]
  /** How many of each status. */
  answers: Record<string, number>
  slowestMs: number
  /** What a producer was promised and did not get. */
  broken: string[]
}

const GIVE_UP_AFTER_MS = 240_000
const REPEAT_AFTER_MS = 200
const MAX_REPEAT_AFTER_MS = 2_000
const REPEATED_ANYWAY = 0.1
/** For a machine that is busy with other things. */
const MORE_LIMIT_MS = 300_000
/** Come again, the first is not finished yet, and a connection that broke. */
const WORTH_REPEATING = ['503', '409', 'none']

const Accepted = z.object({ id: z.string() })

/** A producer as it should be: each message has its key, and is repeated with it until it is answered 202. */
export async function sendAll(plan: LoadPlan): Promise<LoadResult> {
  const poster = createPoster(plan.urls, plan.apiKey)
  const result: LoadResult = { accepted: [], answers: {}, slowestMs: 0, broken: [] }
  const startedAt = performance.now()
  const until = startedAt + (plan.count / plan.perSecond) * 1000 + MORE_LIMIT_MS
  const sending: Promise<void>[] = []
  const isWished = (index: number) =>
    index < plan.count || (plan.wantsMore() && performance.now() < until)
  for (let index = 0; isWished(index); index++) {
    sending.push(send(poster, plan.messageAt(index), result))
    const dueAt = startedAt + ((index + 1) / plan.perSecond) * 1000
    await delay(Math.max(0, dueAt - performance.now()))
  }
  await Promise.all(sending)
  await poster.close()
  return result
}

async function send(poster: Poster, message: NewMessage, result: LoadResult): Promise<void> {
  const key = randomUUID()
  const body = JSON.stringify(message)
  const ask = async () => readAnswer(await poster.post(body, key), result)
  const until = performance.now() + GIVE_UP_AFTER_MS
  let waitMs = REPEAT_AFTER_MS
  let id = await ask()
  while (id === undefined && performance.now() < until) {
    await delay(waitMs * (0.5 + Math.random()))
    waitMs = Math.min(waitMs * 1.5, MAX_REPEAT_AFTER_MS)
    id = await ask()
  }
  if (id === undefined) {
    result.broken.push('a message was never accepted')
    return
  }
  result.accepted.push({ id, phone: message.phone, type: message.message_type })
  if (Math.random() >= REPEATED_ANYWAY) return
  const again = await ask()
  if (again !== undefined && again !== id) result.broken.push('one key, two messages')
}

/** The id of the message, if it was accepted. */
function readAnswer(answer: Answer, result: LoadResult): string | undefined {
  const { status, text, hasRetryAfter, tookMs } = answer
  result.answers[status] = (result.answers[status] ?? 0) + 1
  result.slowestMs = Math.max(result.slowestMs, Math.round(tookMs))
  if (status === '202') return Accepted.parse(JSON.parse(text)).id
  if (!WORTH_REPEATING.includes(status)) {
    result.broken.push(`a send was answered ${status}: ${text.slice(0, 200)}`)
  }
  if (status === '503' && !hasRetryAfter) result.broken.push('a 503 without Retry-After')
  return undefined
}
