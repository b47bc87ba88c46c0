import { toEvent } from '@sms-gateway/service-kit/event-stream'

/** What is known of one thing: everybody's overview, a client's, or a message. */
export interface LiveFact {
  key: string
  /** Of the event that told it: facts that are newer have higher ones. */
  number: number
  /** Whose it is; null: of whoever asked for this key. */
  clientId: string | null
  /** As it goes over the wire. */
  event: string
}

export interface LiveChange {
  key: string
  name: string
  clientId: string | null
  data: unknown
  /** What makes it another one. */
  print: string
}

export interface LiveState {
  /** Begins a round: only what it tells is known to be so. */
  begin: (now: number) => void
  /** `anew`: told again even if it is as it was. */
  tell: (change: LiveChange, anew: boolean) => void
  /** As the last round found it; `undefined` for what that did not ask for. */
  find: (key: string) => LiveFact | undefined
  /** Of what was last told under this id; `undefined` where that is not known any more. */
  readId: (id: string) => number | undefined
  /** What became of a thing after that, in order: every step of it, where {@link find} has the last. */
  listSince: (number: number) => readonly LiveFact[]
}

interface Kept extends LiveFact {
  print: string
  round: number
  at: number
}

const KEEP_MS = 5 * 60_000
const KEEP_STEPS = 10_000

/**
 * The newest of each thing, and the steps that messages took in the last minutes. `epoch` tells this process's ids from
 * those of others: whoever comes with one of theirs is told everything.
 */
export function createLiveState(epoch: string): LiveState {
  const facts = new Map<string, Kept>()
  let steps: Kept[] = []
  let number = 0
  let forgotten = 0
  let round = 0
  let roundAt = 0

  const forgetOld = () => {
    const from = steps.findIndex(({ at }) => at > roundAt - KEEP_MS)
    const old = Math.max(from === -1 ? steps.length : from, steps.length - KEEP_STEPS)
    forgotten = steps[old - 1]?.number ?? forgotten
    if (old > 0) steps = steps.slice(old)
    for (const { key, at } of facts.values()) if (at <= roundAt - KEEP_MS) facts.delete(key)
  }

  return {
    begin(now) {
      round++
      roundAt = now
      forgetOld()
    },
    tell({ key, name, clientId, data, print }, anew) {
      const known = facts.get(key)
      if (known && known.print === print && !anew) {
        known.round = round
        known.at = roundAt
        return
      }
      number++
      const event = toEvent({ id: `${epoch}-${number}`, name, data: JSON.stringify(data) })
      const fact = { key, number, clientId, event, print, round, at: roundAt }
      facts.set(key, fact)
      // An overview says all that those before it said.
      if (clientId !== null) steps.push({ ...fact })
    },
    find(key) {
      const fact = facts.get(key)
      return fact?.round === round ? fact : undefined
    },
    readId(id) {
      const [, ofEpoch, text] = /^(.{1,100})-(\d{1,15})$/.exec(id) ?? []
      const given = Number(text)
      return ofEpoch === epoch && given >= forgotten && given <= number ? given : undefined
    },
    listSince: (given) => steps.filter((step) => step.number > given),
  }
}
