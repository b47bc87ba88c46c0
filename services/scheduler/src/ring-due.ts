import type { Db } from '@sms-gateway/db/connect'
import { ringMessages } from '@sms-gateway/db/ring-messages'
import type { Lane } from '@sms-gateway/domain/lane'
import { LANES } from '@sms-gateway/domain/lane'
import type { LaneQueues } from '@sms-gateway/queue/lane-queues'

export interface RingDeps {
  db: Db
  queues: LaneQueues
  now: () => Date
}

const BATCH_SIZE = 1_000
/**
 * Over so many jobs the queue is busy with what it has: what waits in it must not be rung for again and again, and what
 * the night has held is released no faster than the dispatchers take it.
 */
const BUSY_JOBS = 50
const MAX_BATCHES = 20

/**
 * Rings for messages that are due and that the queue may not know of: parked and scheduled ones, those whose job was
 * lost with Redis, those of a producer's request whose process died between commit and enqueue. How many.
 */
export async function ringDue(deps: RingDeps): Promise<number> {
  let rung = 0
  // In the order of the lanes: what the night has held is released urgent first.
  for (const lane of LANES) rung += await ringLane(deps, lane)
  return rung
}

async function ringLane({ db, queues, now }: RingDeps, lane: Lane): Promise<number> {
  let rung = 0
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const retriesOnly = (await queues.countJobs(lane)) >= BUSY_JOBS
    const ids = await ringMessages(db, { lane, now: now(), limit: BATCH_SIZE, retriesOnly })
    if (ids.length > 0) await queues.requestDispatch(lane, ids)
    rung += ids.length
    if (ids.length < BATCH_SIZE) return rung
  }
  return rung
}
