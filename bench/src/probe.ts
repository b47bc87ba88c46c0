import { availableParallelism } from 'node:os'
import type pg from 'pg'
import type { Cost } from './contender.ts'
import { readBusySeconds, readCpuSeconds } from './cpu.ts'
import type { OwnProcess } from './processes.ts'
import type { Stores } from './stores.ts'

export interface Probe {
  /** What has been used since. */
  finish(messages: number): Promise<Cost>
}

/** Counts what a round costs: CPU time of each process, and what PostgreSQL writes ahead. */
export async function startProbe(
  { postgres, redis }: Stores,
  client: pg.Client,
  processes: readonly OwnProcess[],
): Promise<Probe> {
  const watched = [
    ...processes.map(({ name, pid }) => ({ name, pid, withChildren: false })),
    { name: 'postgres', pid: postgres.pid, withChildren: true },
    { name: 'redis', pid: redis.process.pid, withChildren: false },
  ]
  const read = () =>
    Promise.all(
      watched.map(async ({ name, pid, withChildren }) => ({
        name,
        seconds: await readCpuSeconds(pid, withChildren),
      })),
    )
  const walBefore = await readWalBytes(client)
  const before = await read()
  const busyBefore = await readBusySeconds()
  const startedAt = performance.now()
  return {
    async finish(messages) {
      const after = await read()
      const busySeconds = (await readBusySeconds()) - busyBefore
      const elapsedSeconds = (performance.now() - startedAt) / 1000
      const used = after.map(({ name, seconds }, index) => ({
        name,
        seconds: seconds - (before[index]?.seconds ?? 0),
      }))
      const ownSeconds = used.reduce((sum, { seconds }) => sum + seconds, 0)
      const cpuMicros = used
        .map(({ name, seconds }) => [name, Math.round((seconds * 1e6) / messages)] as const)
        .filter(([, micros]) => micros > 0)
      return {
        cpuMicros: Object.fromEntries(cpuMicros),
        othersShare:
          Math.max(0, busySeconds - ownSeconds) / elapsedSeconds / availableParallelism(),
        walBytes: Math.round(((await readWalBytes(client)) - walBefore) / messages),
      }
    },
  }
}

async function readWalBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes`,
  )
  return Number(rows[0]?.bytes)
}
