import { expect, jest, test } from '@jest/globals'
import { createLocalLeases } from './local-leases.ts'
import { createLimiter } from './limiter.ts'
import { takeAll } from './take-all.ts'
import type { LeaseSource } from './lease-source.ts'

test.each([
  [200, 100, 4],
  [100, 100, 2],
  [100, 100, 4],
  [200, 200, 4],
  [50, 100, 4],
  [50, 50, 4],
  [200, 100, 1],
  [20, 10, 4],
  [500, 300, 4],
  [1000, 1000, 2],
])(
  '%i %i %i',
  async (a, b, procs) => {
    jest.useFakeTimers()
    const local = createLocalLeases()
    const RTT = Number(process.env['RTT'] ?? 4)
    const leases: LeaseSource = {
      takeTurn: async (id, ms, s) => {
        await new Promise((r) => setTimeout(r, RTT * Math.random()))
        const t = await local.takeTurn(id, ms, s)
        await new Promise((r) => setTimeout(r, RTT * Math.random()))
        return t
      },
    }
    let sent = 0,
      waits = 0,
      permits = 0,
      late = 0
    const LAG = Number(process.env['LAG'] ?? 5)
    const send = async (limiters: any) => {
      for (;;) {
        const r = await takeAll(limiters, 'normal', { maxWaitMs: 1000 })
        if (r.kind === 'wait') {
          waits++
          await new Promise((res) => setTimeout(res, r.forMs))
          continue
        }
        await new Promise((res) =>
          setTimeout(res, Math.max(0, r.at - performance.now()) + Math.random() * LAG),
        )
        if (performance.now() > r.until) late++
        else sent++
      }
    }
    for (let p = 0; p < procs; p++) {
      const limiters = [
        createLimiter({
          id: 'a',
          perSecond: a,
          leases,
          listener: { onPermit: () => void permits++ },
        }),
        createLimiter({
          id: 'b',
          perSecond: b,
          leases,
          listener: { onPermit: () => void permits++ },
        }),
      ]
      for (let i = 0; i < 60; i++) void send(limiters)
    }
    await jest.advanceTimersByTimeAsync(2000)
    sent = 0
    permits = 0
    late = 0
    waits = 0
    await jest.advanceTimersByTimeAsync(4000)
    console.log(
      a,
      b,
      procs,
      'sent/s',
      sent / 4,
      'of',
      Math.min(a, b),
      'permits/s',
      permits / 4,
      'late',
      late,
      'waits',
      waits,
    )
    jest.clearAllTimers()
    jest.useRealTimers()
  },
  60000,
)
