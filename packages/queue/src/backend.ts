import type { Processor, QueueOptions, WorkerOptions } from 'bullmq'
import { createPostgresBackend, Queue, Worker } from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import type { Lane } from '@sms-gateway/domain/lane'
import { connectRedis } from './redis-connection.ts'
import { withinLimit } from './within-limit.ts'

/** Where BullMQ keeps its jobs. The code that uses it is the same for both. */
export type BackendConfig =
  { kind: 'redis'; url: string; prefix?: string } | { kind: 'postgres'; url: string }

/** What we use of BullMQ's queue, whatever its backend. */
export type LaneQueue = Pick<
  Queue,
  'add' | 'addBulk' | 'getJobCounts' | 'getWaitingCount' | 'close'
> &
  Errors
export type BullWorker = Pick<Worker, 'close'> &
  Errors & { on(event: 'failed', listener: (job: unknown, err: Error) => void): unknown }

interface Errors {
  on(event: 'error', listener: (err: Error) => void): unknown
}

export interface Backend {
  createQueue(lane: Lane): LaneQueue
  createWorker(lane: Lane, processor: Processor, options: LaneWorkerOptions): BullWorker
  /** Throws when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type LaneWorkerOptions = Pick<
  WorkerOptions,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'drainDelay'
>

export const POSTGRES_SCHEMA = 'bullmq'
/** More connections make BullMQ's PostgreSQL backend slower, not faster (baselines.md, 2). */
const POSTGRES_POOL_SIZE = 2
const CONNECT_LIMIT_MS = 5_000
const PING_LIMIT_MS = 1_000
const DEFAULT_PREFIX = 'sms'

export function connectBackend(config: BackendConfig): Backend {
  return config.kind === 'redis' ? connectRedisBackend(config) : connectPostgresBackend(config.url)
}

function queueName(lane: Lane): string {
  return `dispatch-${lane}`
}

function connectRedisBackend({
  url,
  prefix = DEFAULT_PREFIX,
}: {
  url: string
  prefix?: string
}): Backend {
  const connection: Redis | Cluster = connectRedis(url)
  // One hash tag a lane: in a cluster a lane's keys live together, and lanes are spread.
  const optionsOf = (lane: Lane) => ({ connection, prefix: `{${prefix}-${lane}}` })
  return {
    createQueue: (lane) => new Queue(queueName(lane), optionsOf(lane)),
    createWorker: (lane, processor, options) =>
      new Worker(queueName(lane), processor, { ...optionsOf(lane), ...options }),
    async ping() {
      // It waits for its connection for ever.
      await withinLimit(connection.ping(), PING_LIMIT_MS)
    },
    async close() {
      connection.disconnect()
      return Promise.resolve()
    },
  }
}

function connectPostgresBackend(url: string): Backend {
  const connection = {
    connectionString: url,
    schema: POSTGRES_SCHEMA,
    max: POSTGRES_POOL_SIZE,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  }
  const options: QueueOptions<typeof connection> = { connection }
  return {
    createQueue: (lane) => new Queue(queueName(lane), options, createPostgresBackend),
    createWorker: (lane, processor, workerOptions) =>
      new Worker(
        queueName(lane),
        processor,
        { ...options, ...workerOptions },
        createPostgresBackend,
      ),
    // The queue's store is the database itself, whose readiness is asked for elsewhere.
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
