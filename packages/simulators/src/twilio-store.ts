import { z } from 'zod'
import type { Journal } from './simulator.ts'
import { PlannedEvent, TwilioMessage } from './twilio-messages.ts'

/** What the account has taken, found by id and by number without a scan. */
export interface TwilioStore {
  add(message: TwilioMessage): void
  /** An event whose receipt is settled is not told again after a restart. */
  settle: (message: TwilioMessage, event: PlannedEvent) => void
  replaceEvents(message: TwilioMessage, events: PlannedEvent[]): void
  find(sid: string): TwilioMessage | undefined
  all(): readonly TwilioMessage[]
  listTo(to: string): readonly TwilioMessage[]
  /** Receipts still due from before the restart. */
  listDue(): Array<[TwilioMessage, PlannedEvent]>
  clear(): void
}

const Line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), message: TwilioMessage }),
  z.object({ type: z.literal('settled'), sid: z.string(), status: z.string() }),
  z.object({ type: z.literal('events'), sid: z.string(), events: z.array(PlannedEvent) }),
  z.object({ type: z.literal('reset') }),
])
type Line = z.infer<typeof Line>

interface Kept {
  taken: TwilioMessage[]
  bySid: Map<string, TwilioMessage>
  byNumber: Map<string, TwilioMessage[]>
  /** `<sid> <status>` of the receipts that are told, or given up. */
  settled: Set<string>
}

export function createTwilioStore(journal: Journal | undefined): TwilioStore {
  const kept: Kept = { taken: [], bySid: new Map(), byNumber: new Map(), settled: new Set() }

  function record(line: Line): void {
    journal?.append(JSON.stringify(line))
    apply(kept, line)
  }

  for (const line of journal?.lines() ?? []) apply(kept, Line.parse(JSON.parse(line)))

  return {
    add: (message) => record({ type: 'message', message }),
    settle({ sid }, { status }) {
      // Without a journal nobody asks for it.
      if (journal !== undefined) record({ type: 'settled', sid, status })
    },
    replaceEvents: ({ sid }, events) => record({ type: 'events', sid, events }),
    find: (sid) => kept.bySid.get(sid),
    all: () => kept.taken,
    listTo: (to) => kept.byNumber.get(to) ?? [],
    listDue: () =>
      kept.taken.flatMap((message) =>
        message.events
          .filter(({ status }) => !kept.settled.has(`${message.sid} ${status}`))
          .map((event): [TwilioMessage, PlannedEvent] => [message, event]),
      ),
    clear: () => record({ type: 'reset' }),
  }
}

function apply(kept: Kept, line: Line): void {
  switch (line.type) {
    case 'message':
      addMessage(kept, line.message)
      break
    case 'settled':
      kept.settled.add(`${line.sid} ${line.status}`)
      break
    case 'events': {
      const message = kept.bySid.get(line.sid)
      if (message !== undefined) message.events = line.events
      break
    }
    case 'reset':
      kept.taken.length = 0
      for (const index of [kept.bySid, kept.byNumber, kept.settled]) index.clear()
      break
  }
}

function addMessage({ taken, bySid, byNumber }: Kept, message: TwilioMessage): void {
  taken.push(message)
  bySid.set(message.sid, message)
  const others = byNumber.get(message.to)
  if (others === undefined) byNumber.set(message.to, [message])
  else others.push(message)
}
