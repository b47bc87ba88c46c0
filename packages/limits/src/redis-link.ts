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

/** A connection of our own, with the settings of `redis`: Bottleneck adds its scripts to it, and subscribes on another. */
export function openRedisLink(redis: Redis | Cluster): RedisLink {
  const client = redis.duplicate()
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

  const isAway = () => !scriptsLoaded || client.status !== 'ready'
  return {
    client,
    connection,
    awaited,
    isAway,
    close: () => connection.disconnect(!isAway()),
  }
}
