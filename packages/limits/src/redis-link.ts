import Bottleneck from 'bottleneck'
import type { Cluster } from 'ioredis'
import { Redis } from 'ioredis'
import { listenToBookings } from './booking-replies.ts'

/** What all limiters of a process share. */
export interface RedisLink {
  client: Redis | Cluster
  connection: Bottleneck.IORedisConnection
  /** Who waits for a booking, by the limiter's id. */
  awaited: Map<string, (at: number) => void>
  isAway(): boolean
  close(): Promise<void>
}

/**
 * In place of Bottleneck's second connection. It is told there of reservoirs and slots, which we do not use; two channels
 * a limiter would be subscribed to for nothing, and an outage while one is left would end the process.
 */
const NO_SUBSCRIBER = {
  status: 'ready',
  setMaxListeners: () => undefined,
  on: () => undefined,
  subscribe: (_channel: string, onSubscribed: () => void) => {
    onSubscribed()
  },
  unsubscribe: () => Promise.resolve(),
  disconnect: () => undefined,
}

/** A connection of our own, with the settings of `redis`: Bottleneck makes commands of its scripts on it. */
export function openRedisLink(redis: Redis | Cluster): RedisLink {
  const client = redis.duplicate()
  Reflect.set(client, 'duplicate', () => NO_SUBSCRIBER)
  const connection = new Bottleneck.IORedisConnection({ Redis, client })
  // It reconnects by itself, and whoever takes a turn meanwhile is told.
  connection.on('error', () => undefined)
  const awaited = new Map<string, (at: number) => void>()
  let scriptsLoaded = false
  // Its types say that `ready` is a function; it is a promise.
  void Promise.resolve(Reflect.get(connection, 'ready')).then(() => {
    listenToBookings(client, (limiterId, at) => awaited.get(limiterId)?.(at))
    scriptsLoaded = true
  })

  return {
    client,
    connection,
    awaited,
    isAway: () => !scriptsLoaded || client.status !== 'ready',
    // Nothing is worth waiting for: a turn that was booked and not used is lost in any case.
    close: () => connection.disconnect(false),
  }
}
