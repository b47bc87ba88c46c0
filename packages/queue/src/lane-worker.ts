import { DispatchJob } from '@sms-gateway/contracts/dispatch-job'
import type { MessageId } from '@sms-gateway/domain/ids'
import type { Lane } from '@sms-gateway/domain/lane'
import type { Backend } from './backend.ts'
import { withinLimit } from './within-limit.ts'

export interface LaneWorkerConfig {
  lane: Lane
  /** Jobs side by side; each carries up to a hundred messages. */
  concurrency: number
  process: (ids: readonly MessageId[]) => Promise<void>
  onError: (err: Error, what: 'worker connection' | 'job crashed') => void
}

export interface LaneWorker {
  /** Takes no more jobs, and waits for the running ones up to the limit. */
  close(limitMs: number): Promise<void>
}

/** A killed worker's jobs are taken up again after this (the default is a minute: baselines.md, 1). */
const LOCK_MS = 5_000

export function startLaneWorker(
  backend: Backend,
  { lane, concurrency, process, onError }: LaneWorkerConfig,
): LaneWorker {
  const worker = backend.createWorker(
    lane,
    async (job) => {
      await process(DispatchJob.parse(job.data).ids)
    },
    { concurrency, lockDuration: LOCK_MS, stalledInterval: LOCK_MS },
  )
  worker.on('error', (err) => onError(err, 'worker connection'))
  worker.on('failed', (_job, err) => onError(err, 'job crashed'))
  return {
    async close(limitMs) {
      await withinLimit(worker.close(), limitMs).catch(() => withinLimit(worker.close(true), 1_000))
    },
  }
}
