import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { toPath } from './request.ts'
import { SESSION } from './session.ts'

export type LiveState = 'connecting' | 'live' | 'away'
type Handlers = Readonly<Record<string, (data: unknown) => void>>

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** After this long without a word, a connection is opened anew when the page comes back into sight. */
const SILENCE_MS = 40_000

/**
 * Server-sent events of `/events` while the component is there. The browser itself reconnects with `Last-Event-ID`
 * after a cut. Where it gives up, or the machine has slept, we open a new stream, ever later: what happened meanwhile
 * is for `onReopen` to ask for.
 */
export function useEvents(
  handlers: Handlers,
  { messages = [], onReopen }: { messages?: readonly string[]; onReopen?: () => void } = {},
): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const latest = useRef({ handlers, onReopen })
  useEffect(() => {
    latest.current = { handlers, onReopen }
  })
  const names = Object.keys(handlers).sort().join()
  const ids = messages.join()

  useEffect(
    () =>
      openEvents(toPath('/events', { messages: ids }), names.split(','), {
        handle: (name, data) => latest.current.handlers[name]?.(data),
        reopened: () => latest.current.onReopen?.(),
        tell: setState,
        // Why is not told: if the session is over, asking for it shows the sign-in.
        refused: () => void client.invalidateQueries({ queryKey: SESSION, exact: true }),
      }),
    [client, names, ids],
  )
  return state
}

interface Listener {
  handle: (name: string, data: unknown) => void
  reopened: () => void
  tell: (state: LiveState) => void
  refused: () => void
}

function openEvents(url: string, names: readonly string[], listener: Listener): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = FIRST_WAIT_MS
  let heardAt = Date.now()

  const open = (isAgain: boolean) => {
    const opened = new EventSource(url)
    source = opened
    opened.onopen = () => {
      hear()
      if (isAgain) listener.reopened()
    }
    opened.onerror = () => {
      listener.tell('away')
      if (opened.readyState !== EventSource.CLOSED) return
      listener.refused()
      reopenLater()
    }
    for (const name of names) {
      opened.addEventListener(name, (event) => {
        hear()
        listener.handle(name, JSON.parse(String(event.data)))
      })
    }
  }
  const hear = () => {
    heardAt = Date.now()
    waitMs = FIRST_WAIT_MS
    listener.tell('live')
  }
  const reopen = () => {
    clearTimeout(timer)
    source?.close()
    open(true)
  }
  const reopenLater = () => {
    clearTimeout(timer)
    timer = setTimeout(reopen, waitMs)
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
  const wake = () => {
    if (document.visibilityState === 'visible' && Date.now() - heardAt > SILENCE_MS) reopen()
  }
  open(false)
  document.addEventListener('visibilitychange', wake)
  window.addEventListener('online', wake)
  return () => {
    clearTimeout(timer)
    source?.close()
    document.removeEventListener('visibilitychange', wake)
    window.removeEventListener('online', wake)
  }
}
