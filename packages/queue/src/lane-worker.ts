import { DispatchJob } from '@sms-gateway/contracts/dispatch-job'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { Backend, BullWorker } from './backend.ts'
import { withinLimit } from './within-limit.ts'

export interface LaneWorkerConfig {
  lane: Lane
  /** Jobs side by side; each carries up to a hundred messages. */
  concurrency: number
  process: (ids: readonly MessageId[]) => Promise<void>
  onError: (err: Error, what: 'worker connection' | 'job crashed' | 'worker replaced') => void
  /** How long a worker may take no job while some wait, before it is replaced. */
  silenceMs?: number
}

export interface LaneWorker {
  /** Takes no more jobs, and waits for the running ones up to the limit. */
  close(limitMs: number): Promise<void>
}

/** A killed worker's jobs are taken up again after this (the default is a minute: baselines.md, 1). */
const LOCK_MS = 5_000
const SILENCE_MS = 20_000
const FORCED_CLOSE_MS = 1_000
const COUNT_LIMIT_MS = 2_000

/**
 * A worker of one lane, and the watchdog over it: after an outage of its store a BullMQ worker may stay silent for ever
 * (peers.md, 3), so one that takes nothing while jobs wait is replaced.
 */
export function startLaneWorker(
  backend: Pick<Backend, 'createQueue' | 'createWorker'>,
  config: LaneWorkerConfig,
): LaneWorker {
  const { lane, onError, silenceMs = SILENCE_MS } = config
  const activity = { running: 0, lastAt: performance.now() }
  const queue = backend.createQueue(lane)
  queue.on('error', (err) => onError(err, 'worker connection'))
  let worker = startWorker(backend, config, activity)
  let closed = false

  const watch = async () => {
    const isSilent = performance.now() - activity.lastAt > silenceMs
    if (!isSilent || activity.running >= config.concurrency) return
    const waiting = await withinLimit(queue.getWaitingCount(), COUNT_LIMIT_MS)
    if (waiting === 0 || closed) return
    const silent = worker
    activity.lastAt = performance.now()
    worker = startWorker(backend, config, activity)
    onError(new Error(`took no job for ${silenceMs} ms while ${waiting} waited`), 'worker replaced')
    await closeWithin(silent, FORCED_CLOSE_MS)
  }
  const watchdog = setInterval(() => {
    // Its store is away: the worker is as silent as it must be.
    watch().catch(() => undefined)
  }, silenceMs / 4)
  watchdog.unref()

  return {
    async close(limitMs) {
      closed = true
      clearInterval(watchdog)
      await closeWithin(worker, limitMs)
      await withinLimit(queue.close(), FORCED_CLOSE_MS).catch(() => undefined)
    },
  }
}

interface Activity {
  running: number
  lastAt: number
}

function startWorker(
  backend: Pick<Backend, 'createWorker'>,
  { lane, concurrency, process, onError }: LaneWorkerConfig,
  activity: Activity,
): BullWorker {
  const worker = backend.createWorker(
    lane,
    async (job) => {
      activity.running++
      activity.lastAt = performance.now()
      try {
        await process(DispatchJob.parse(job.data).ids)
      } finally {
        activity.running--
        activity.lastAt = performance.now()
      }
    },
    { concurrency, lockDuration: LOCK_MS, stalledInterval: LOCK_MS },
  )
  worker.on('error', (err) => onError(err, 'worker connection'))
  worker.on('failed', (_job, err) => onError(err, 'job crashed'))
  return worker
}

/** Waits for its running jobs, and past the limit lets go of it. */
async function closeWithin(worker: BullWorker, limitMs: number): Promise<void> {
  try {
    await withinLimit(worker.close(), limitMs)
  } catch {
    await withinLimit(worker.close(true), FORCED_CLOSE_MS).catch(() => undefined)
  }
}
