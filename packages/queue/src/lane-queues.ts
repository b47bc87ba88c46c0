import type { DispatchJob } from '@sms-gateway/contracts/dispatch-job'
import { DISPATCH_BATCH_SIZE } from '@sms-gateway/contracts/dispatch-job'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import { LANES } from '@sms-gateway/domain/lane'
import type { Backend, LaneQueue } from './backend.ts'
import { withinLimit } from './within-limit.ts'

export interface LaneQueues {
  /**
   * Rings for these messages: a hundred ids a job. `false` when the queue did not take it in time, or has just
   * failed to: the rows are committed, and the sweeper will ring.
   */
  requestDispatch(lane: Lane, ids: readonly MessageId[]): Promise<boolean>
  /** Jobs that wait or run. */
  countJobs(lane: Lane): Promise<number>
  /** For each lane, jobs that wait. */
  countWaiting(): Promise<Record<Lane, number>>
  close(): Promise<void>
}

interface LaneQueuesOptions {
  onError: (err: Error, lane: Lane) => void
  /** How long a call waits for the store. */
  limitMs?: number
}

/** A BullMQ producer does not fail fast when its store is away (style.md, 5.3), so every wait on it is limited. */
const ANSWER_LIMIT_MS = 1_000
/** After a failure the queue is left alone for this long, so that an outage costs requests nothing. */
const COOL_OFF_MS = 2_000
const CLOSE_LIMIT_MS = 3_000
// History is in PostgreSQL; a count to keep would make each completion slower (baselines.md, 0).
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const

export function openLaneQueues(
  backend: Pick<Backend, 'createQueue'>,
  { onError, limitMs = ANSWER_LIMIT_MS }: LaneQueuesOptions,
): LaneQueues {
  const queues = new Map(LANES.map((lane) => [lane, backend.createQueue(lane)]))
  const restingUntil = new Map<Lane, number>()
  for (const [lane, queue] of queues) queue.on('error', (err) => onError(err, lane))

  return {
    async requestDispatch(lane, ids) {
      if (ids.length === 0) return true
      if (performance.now() < (restingUntil.get(lane) ?? 0)) return false
      try {
        await withinLimit(addJobs(queueOf(queues, lane), ids), limitMs)
        return true
      } catch (err) {
        restingUntil.set(lane, performance.now() + COOL_OFF_MS)
        onError(err instanceof Error ? err : new Error('queue add failed', { cause: err }), lane)
        return false
      }
    },

    async countJobs(lane) {
      const counting = queueOf(queues, lane).getJobCounts(
        'wait',
        'active',
        'prioritized',
        'delayed',
      )
      const counts = await withinLimit(counting, limitMs)
      return Object.values(counts).reduce((sum, count) => sum + count, 0)
    },

    async countWaiting() {
      const waiting = { urgent: 0, normal: 0, bulk: 0 }
      for (const lane of LANES) {
        waiting[lane] = await withinLimit(queueOf(queues, lane).getWaitingCount(), limitMs)
      }
      return waiting
    },

    async close() {
      const closing = Promise.allSettled([...queues.values()].map((queue) => queue.close()))
      await withinLimit(closing, CLOSE_LIMIT_MS).catch(() => undefined)
    },
  }
}

function queueOf(queues: ReadonlyMap<Lane, LaneQueue>, lane: Lane): LaneQueue {
  const queue = queues.get(lane)
  if (!queue) throw new Error(`there is no queue for lane ${lane}`)
  return queue
}

async function addJobs(queue: LaneQueue, ids: readonly MessageId[]): Promise<void> {
  const jobs: DispatchJob[] = []
  for (let start = 0; start < ids.length; start += DISPATCH_BATCH_SIZE) {
    jobs.push({ ids: ids.slice(start, start + DISPATCH_BATCH_SIZE) })
  }
  const [only] = jobs
  if (only && jobs.length === 1) await queue.add('dispatch', only, JOB_OPTIONS)
  else await queue.addBulk(jobs.map((data) => ({ name: 'dispatch', data, opts: JOB_OPTIONS })))
}
