import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import type { Stores } from './stores.ts'

const GIB = 1024 ** 3

/** Figures say nothing without it. */
export async function readMachine({ postgres, redis }: Stores) {
  const info = await redis.client.info('server')
  return {
    at: new Date().toISOString(),
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGib: Math.round(totalmem() / GIB),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    postgres: postgres.version,
    redis: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
    /** Of the last minute, before anything was measured: what else the machine was doing. */
    loadBefore: loadavg()[0] ?? 0,
  }
}
export type Machine = Awaited<ReturnType<typeof readMachine>>
