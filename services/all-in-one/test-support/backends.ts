import { describe } from '@jest/globals'

export type BackendKind = 'postgres' | 'redis'

/** One test body on each of BullMQ's backends. Where the run has no Redis its half is shown as skipped. */
export function describeEachBackend(body: (backend: BackendKind) => void): void {
  describe('queue on PostgreSQL', () => {
    body('postgres')
  })
  const describeOnRedis = process.env['TEST_REDIS_URL'] === undefined ? describe.skip : describe
  describeOnRedis('queue on Redis', () => {
    body('redis')
  })
}

/** The backends this run has, for tests that run side by side. */
export function listBackends(): BackendKind[] {
  return process.env['TEST_REDIS_URL'] === undefined ? ['postgres'] : ['postgres', 'redis']
}
