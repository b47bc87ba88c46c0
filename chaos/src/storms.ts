import { setTimeout as delay } from 'node:timers/promises'
import type { World } from './world.ts'

type Storm = (world: World, signal: AbortSignal) => Promise<void>

/** `kill -9` of one of these after the other, at moments that nobody chose. */
export function killProcesses(names: readonly string[], everyMs: number): Storm {
  return async (world, signal) => {
    for (let turn = 0; await pause(everyMs * (0.5 + Math.random()), signal); turn++) {
      const name = names[turn % names.length]
      await world.fleet.members.find((member) => member.name === name)?.kill()
    }
  }
}

/** Redis dies with its data, and comes back empty after a while. */
export function wipeRedis(everyMs: number, awayMs: number): Storm {
  return async ({ redis, fleet }, signal) => {
    while (await pause(everyMs, signal)) {
      await redis.kill()
      fleet.count('redis')
      await pause(awayMs, signal)
      await redis.start()
    }
  }
}

/** PostgreSQL dies, and recovers from its log. */
export function killPostgres(everyMs: number, awayMs: number): Storm {
  return async ({ postgres, fleet }, signal) => {
    while (await pause(everyMs, signal)) {
      await postgres.kill()
      fleet.count('postgres')
      await pause(awayMs, signal)
      await postgres.start()
    }
  }
}

/** A process that stands still long enough to be taken for dead, and then goes on as if nothing had happened. */
export function freezeProcesses(names: readonly string[], forMs: number, everyMs: number): Storm {
  return async ({ fleet }, signal) => {
    for (let turn = 0; await pause(everyMs, signal); turn++) {
      const name = names[turn % names.length]
      const member = fleet.members.find((each) => each.name === name)
      member?.freeze()
      fleet.count('stopped')
      // Not cut short: the shorter one would prove nothing.
      await delay(forMs)
      member?.thaw()
    }
  }
}

/** The connections of one provider are refused for a while, again and again. */
export function closePort(everyMs: number, forMs: number): Storm {
  return async ({ twilio }, signal) => {
    while (await pause(everyMs, signal)) {
      twilio.setScript({ refuseConnectionsMs: forMs })
      await pause(forMs, signal)
      twilio.setScript({ refuseConnectionsMs: 0 })
    }
  }
}

export function together(...storms: readonly Storm[]): Storm {
  return async (world, signal) => {
    await Promise.all(storms.map((storm) => storm(world, signal)))
  }
}

/** False when the storm is over. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}
