import { useEffect, useRef, useState } from 'react'
import { toPath } from './request.ts'

export type LiveState = 'connecting' | 'live' | 'away'
type Handlers = Readonly<Record<string, (data: unknown) => void>>

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** The server beats every 15 s: after this long the connection is dead, whatever the browser thinks. */
const SILENCE_MS = 40_000

/**
 * Server-sent events of `/events` while the component is there. The browser itself reconnects with `Last-Event-ID`
 * after a cut; where it gives up (an answer that is no stream, a silent connection) we open a new one, ever later.
 */
export function useEvents(handlers: Handlers, messages: readonly string[] = []): LiveState {
  const [state, setState] = useState<LiveState>('connecting')
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  const names = Object.keys(handlers).sort().join()
  const ids = messages.join()

  useEffect(() => {
    const handle = (name: string, data: unknown) => latest.current[name]?.(data)
    return openEvents(toPath('/events', { messages: ids }), names.split(','), handle, setState)
  }, [names, ids])
  return state
}

function openEvents(
  url: string,
  names: readonly string[],
  handle: (name: string, data: unknown) => void,
  tell: (state: LiveState) => void,
): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = FIRST_WAIT_MS

  const reopen = () => {
    source?.close()
    tell('away')
    clearTimeout(timer)
    timer = setTimeout(open, waitMs)
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
  const hear = () => {
    tell('live')
    waitMs = FIRST_WAIT_MS
    clearTimeout(timer)
    timer = setTimeout(reopen, SILENCE_MS)
  }
  const open = () => {
    const opened = new EventSource(url)
    source = opened
    opened.onopen = hear
    opened.onerror = () => {
      if (opened.readyState === EventSource.CLOSED) reopen()
      else tell('away')
    }
    opened.addEventListener('heartbeat', hear)
    for (const name of names) {
      opened.addEventListener(name, (event) => {
        hear()
        handle(name, JSON.parse(String(event.data)))
      })
    }
  }
  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
