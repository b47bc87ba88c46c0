import type { ImspSubmission } from './imsp-store.ts'

/** A text as a handset shows it: one request, or all parts of a long one. */
export interface ImspMessage {
  to: string
  text: string
  ids: string[]
  takenAt: Date
}

export interface ImspInbox {
  readonly messages: readonly ImspMessage[]
  deliver(submission: ImspSubmission, to: string): void
  clear(): void
}

/** All handsets together: parts are put together by number, reference and total, as a handset does it. */
export function createInbox(): ImspInbox {
  const messages: ImspMessage[] = []
  const incomplete = new Map<string, Map<number, ImspSubmission>>()

  return {
    messages,
    deliver(submission, to) {
      const { part } = submission
      if (part === null) {
        messages.push(toMessage(to, [submission]))
        return
      }
      const key = `${to} ${part.reference} ${part.total}`
      const parts = incomplete.get(key) ?? new Map<number, ImspSubmission>()
      incomplete.set(key, parts.set(part.number, submission))
      if (parts.size < part.total) return
      incomplete.delete(key)
      const ordered = [...parts].sort(([one], [other]) => one - other)
      messages.push(
        toMessage(
          to,
          ordered.map(([, each]) => each),
        ),
      )
    },
    clear() {
      messages.length = 0
      incomplete.clear()
    },
  }
}

function toMessage(to: string, parts: readonly ImspSubmission[]): ImspMessage {
  return {
    to,
    text: parts.map(({ text }) => text).join(''),
    ids: parts.map(({ id }) => id),
    takenAt: new Date(Math.max(...parts.map(({ takenAt }) => takenAt))),
  }
}
