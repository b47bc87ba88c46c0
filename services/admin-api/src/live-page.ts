import type { MessageId } from '@sms-gateway/domain/ids'
import type { Credential } from '@sms-gateway/service-kit/credential'
import type { EventStream } from '@sms-gateway/service-kit/event-stream'
import type { LiveFact, LiveState } from './live-state.ts'
import type { Viewer } from './overview-facts.ts'

/** Who listens, and to what. */
export interface LiveListener extends Viewer {
  /** Theirs who signed in too: what one key may take is counted by it. */
  keyId: string
  credential: Credential
  address: string
  messages: readonly MessageId[]
  /** Of the last event that they have got; '' where they come for the first time. */
  lastEventId: string
}

export interface LivePage extends LiveListener {
  stream: EventStream
  /** What the last round found that it does not have yet. */
  catchUp: () => void
}

export function overviewKey({ owner, operates }: Viewer): string {
  return `overview ${owner ?? ''}${operates ? ' operates' : ''}`
}

/** One page that is open: it knows what it has been told. */
export function openPage(listener: LiveListener, stream: EventStream, state: LiveState): LivePage {
  const { owner, messages, lastEventId } = listener
  const keys = new Set<string>([overviewKey(listener), ...messages])
  const resumed = state.readId(lastEventId)
  const told = new Map<string, number>()
  const isNew = ({ key, number }: LiveFact) => number > (told.get(key) ?? resumed ?? 0)
  const tell = (facts: readonly LiveFact[]) => {
    for (const { key, number, event, clientId } of facts.toSorted((a, b) => a.number - b.number)) {
      told.set(key, number)
      if (clientId === null || owner === null || clientId === owner) stream.send(event)
    }
  }
  if (resumed !== undefined) tell(state.listSince(resumed).filter(({ key }) => keys.has(key)))
  return {
    ...listener,
    stream,
    catchUp() {
      tell(
        [...keys]
          .map(state.find)
          .filter((fact) => fact !== undefined)
          .filter(isNew),
      )
    },
  }
}
