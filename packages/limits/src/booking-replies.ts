import type { Cluster, Redis } from 'ioredis'

/** Hears when a turn of the limiter with this id is, in the milliseconds of `Date.now()`. */
export type OnBooked = (limiterId: string, at: number) => void

type Callback = (err: unknown, reply: unknown) => void

/** Bottleneck's script that books a turn, and the layout of its call: key count, keys, then the caller's clock. */
const BOOKING_SCRIPT = 'register'
const SETTINGS_KEY = /^b_(.*)_settings$/s

/**
 * Bottleneck keeps to itself when a job's turn is, and its own timer tells it late when the process is busy. The reply
 * of its script tells it exactly: the clock that the caller sent, plus the wait that was answered. Call it once the
 * connection is ready: the scripts are commands of the client by then.
 */
export function listenToBookings(client: Redis | Cluster, onBooked: OnBooked): void {
  const script: unknown = Reflect.get(client, BOOKING_SCRIPT)
  if (typeof script !== 'function') throw new Error('bottleneck has no script that books a turn')

  const call = (...args: unknown[]): unknown => {
    const callback = args.at(-1)
    if (!isCallback(callback)) throw new Error('bottleneck calls its script in another way')
    return Reflect.apply(script, client, [
      ...args.slice(0, -1),
      (err: unknown, reply: unknown) => {
        const booking = readBooking(args, reply)
        if (booking) onBooked(booking.limiterId, booking.at)
        callback(err, reply)
      },
    ])
  }
  Reflect.set(client, BOOKING_SCRIPT, call)
}

function readBooking(args: unknown[], reply: unknown) {
  const [keyCount, settingsKey] = args
  const calledAt = args[Number(keyCount) + 1]
  const limiterId = SETTINGS_KEY.exec(String(settingsKey))?.[1]
  if (!isList(reply) || limiterId === undefined) return undefined
  const [booked, waitMs] = reply
  if (booked !== 1 || typeof calledAt !== 'number' || typeof waitMs !== 'number') return undefined
  return { limiterId, at: calledAt + waitMs }
}

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function'
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}
