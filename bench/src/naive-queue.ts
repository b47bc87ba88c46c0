import type { Processor } from 'bullmq'
import { createPostgresBackend, Queue, Worker } from 'bullmq'
import { z } from 'zod'

/** Where the baseline keeps its jobs: the two backends that the gateway may have. */
export const NaiveBackend = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('redis'), port: z.number() }),
  z.object({ kind: z.literal('postgres'), url: z.string() }),
])
export type NaiveBackend = z.infer<typeof NaiveBackend>

export const NAIVE_QUEUE = 'naive'
export const BARE_QUEUE = 'bare'
/** The fastest setting of BullMQ's PostgreSQL backend (baselines.md, 2). */
const POSTGRES_POOL_SIZE = 2

const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  removeOnFail: true,
} as const

/** The message itself travels in the job, as it does where nobody minds. */
export const NaiveJob = z.object({ id: z.string(), phone: z.string(), message: z.string() })
export type NaiveJob = z.infer<typeof NaiveJob>

export interface NaiveQueue {
  add(job: NaiveJob): Promise<void>
}

export function openNaiveQueue(backend: NaiveBackend, name: string): NaiveQueue {
  const queue =
    backend.kind === 'redis'
      ? new Queue(name, redisOptions(backend.port))
      : new Queue(name, postgresOptions(backend.url), createPostgresBackend)
  queue.on('error', reportError)
  return {
    async add(job) {
      await queue.add('send', job, JOB_OPTIONS)
    },
  }
}

export function startNaiveWorkerOn(
  backend: NaiveBackend,
  process: (job: NaiveJob) => Promise<void>,
  concurrency: number,
): void {
  const processor: Processor = async (job) => process(NaiveJob.parse(job.data))
  const worker =
    backend.kind === 'redis'
      ? new Worker(NAIVE_QUEUE, processor, { ...redisOptions(backend.port), concurrency })
      : new Worker(
          NAIVE_QUEUE,
          processor,
          { ...postgresOptions(backend.url), concurrency },
          createPostgresBackend,
        )
  worker.on('error', reportError)
  worker.on('failed', (_job, err) => reportError(err))
}

function redisOptions(port: number) {
  return { connection: { host: '127.0.0.1', port, maxRetriesPerRequest: null }, prefix: 'naive' }
}

function postgresOptions(url: string) {
  return { connection: { connectionString: url, schema: 'bullmq', max: POSTGRES_POOL_SIZE } }
}

function reportError(err: Error): void {
  console.error(err.message)
}
