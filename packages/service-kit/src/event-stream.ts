import type { Response } from 'express'
import { endOnDrain } from './http-server.ts'

export interface EventStream {
  /** A part made by {@link toEvent}. To one that is closed, nothing. */
  send: (part: string) => void
  /** The reader comes again by itself, and learns then whether it may. */
  end: () => void
  onClose: (listener: () => void) => void
}

export interface EventStreamOptions {
  heartbeatMs?: number
  /** A reader that lets more than this wait is cut off. */
  maxWaitingBytes?: number
}

/** Proxies drop what says nothing for a minute, and nobody notices a reader that is gone while nothing is written. */
const HEARTBEAT_MS = 15_000
const MAX_WAITING_BYTES = 256 * 1_024
/** When a reader that lost its stream comes again. */
const RETRY_MS = 2_000

/** One event as it goes over the wire. `data` has no line ends: JSON has none. */
export function toEvent(event: { id?: string; name: string; data: string }): string {
  const id = event.id === undefined ? '' : `id: ${event.id}\n`
  return `${id}event: ${event.name}\ndata: ${event.data}\n\n`
}

/** Answers with server-sent events until the reader goes, is too slow, or the server closes. */
export function openEventStream(
  res: Response,
  { heartbeatMs = HEARTBEAT_MS, maxWaitingBytes = MAX_WAITING_BYTES }: EventStreamOptions = {},
): EventStream {
  res.locals[STREAM] = true
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx hands each event on as it comes.
    'x-accel-buffering': 'no',
  })
  const send = (part: string) => {
    if (res.writableEnded || res.destroyed) return
    res.write(part)
    // What the system's own buffers do not take waits in this process.
    if (res.writableLength > maxWaitingBytes) res.destroy()
  }
  const end = () => {
    if (!res.writableEnded) res.end()
  }
  res.socket?.setNoDelay(true)
  send(`retry: ${RETRY_MS}\n\n`)
  const heartbeat = setInterval(() => {
    send(': still here\n\n')
  }, heartbeatMs)
  res.once('close', () => {
    clearInterval(heartbeat)
  })
  endOnDrain(res, end)
  return {
    send,
    end,
    onClose: (listener) => {
      res.once('close', listener)
    },
  }
}

const STREAM = 'eventStream'

/** Its end says nothing of how long anybody waited. */
export function isEventStream({ locals }: Response): boolean {
  return locals[STREAM] === true
}
