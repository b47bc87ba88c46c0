import { Pool } from 'undici'
import { z } from 'zod'
import type { Answers } from './role.ts'
import { percentile } from './statistics.ts'

export const LoadPlan = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  connections: z.number(),
  seconds: z.number(),
})
export type LoadPlan = z.infer<typeof LoadPlan>

export const LoadResult = z.object({
  accepted: z.number(),
  /** Of answers other than 202, and of requests without one: how often each. */
  failures: z.record(z.string(), z.number()),
  seconds: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
})
export type LoadResult = z.infer<typeof LoadResult>

/** Requests in a closed loop: each connection sends its next one when the last is answered. */
export function startLoad(): Promise<Answers> {
  let count = 0
  return Promise.resolve({ run: async (input) => run(LoadPlan.parse(input), () => count++) })
}

async function run(plan: LoadPlan, nextNumber: () => number): Promise<LoadResult> {
  const { origin, pathname } = new URL(plan.url)
  const pool = new Pool(origin, { connections: plan.connections, pipelining: 1 })
  const latencies: number[] = []
  const failures: Record<string, number> = {}
  const startedAt = performance.now()
  const until = startedAt + plan.seconds * 1000

  const loop = async () => {
    while (performance.now() < until) {
      const sentAt = performance.now()
      const outcome = await post(pool, pathname, plan.headers, makeBody(nextNumber()))
      if (outcome === '202') latencies.push(performance.now() - sentAt)
      else failures[outcome] = (failures[outcome] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: plan.connections }, loop))
  const seconds = (performance.now() - startedAt) / 1000
  await pool.close()
  return {
    accepted: latencies.length,
    failures,
    seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
}

/** Straight on the dispatcher, without streams: the generator shares its cores with what it measures. */
function post(
  pool: Pool,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<string> {
  return new Promise((resolve) => {
    let status = 0
    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart(_controller, statusCode) {
          status = statusCode
        },
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(String(status)),
        onResponseError: (_controller, err) => resolve(err.message),
      },
    )
  })
}

/** No two alike: another number and another text of about ninety characters each. */
function makeBody(number: number): string {
  const serial = String(number).padStart(8, '0')
  return JSON.stringify({
    phone: `09${serial}`,
    message: `Your order ${serial} is on its way and will be with you this afternoon between two and four.`,
    message_type: 'order_confirmation',
  })
}
