import { z } from 'zod'
import type { Journal } from './simulator.ts'

/** One SubmitSM request that was taken; what becomes of it is decided then. */
export const ImspSubmission = z.object({
  id: z.string(),
  to: z.array(z.string()),
  dcs: z.string(),
  text: z.string(),
  part: z.object({ reference: z.string(), total: z.int(), number: z.int() }).nullable(),
  takenAt: z.number(),
  /** QuerySM says 31 until then, and 1 until it is done. */
  handedOverAt: z.number(),
  doneAt: z.number(),
  finalCode: z.int(),
})
export type ImspSubmission = z.infer<typeof ImspSubmission>

/** A text as a handset shows it: one request, or all parts of a long one. */
export interface ImspMessage {
  to: string
  text: string
  ids: string[]
  takenAt: Date
}

export interface ImspStore {
  add(submission: ImspSubmission): void
  find(id: string): ImspSubmission | undefined
  submissions(): readonly ImspSubmission[]
  messages(): readonly ImspMessage[]
  clear(): void
}

const Line = z.union([ImspSubmission, z.object({ reset: z.literal(true) })])

export function createImspStore(journal: Journal | undefined): ImspStore {
  const taken: ImspSubmission[] = []
  const byId = new Map<string, ImspSubmission>()
  const messages: ImspMessage[] = []
  const incomplete = new Map<string, Map<number, ImspSubmission>>()

  function apply(submission: ImspSubmission): void {
    taken.push(submission)
    byId.set(submission.id, submission)
    for (const to of submission.to) deliver(submission, to)
  }

  function deliver(submission: ImspSubmission, to: string): void {
    const { id, part, text, takenAt } = submission
    if (part === null) {
      messages.push({ to, text, ids: [id], takenAt: new Date(takenAt) })
      return
    }
    const key = `${to} ${part.reference} ${part.total}`
    const parts = incomplete.get(key) ?? new Map<number, ImspSubmission>()
    incomplete.set(key, parts.set(part.number, submission))
    if (parts.size < part.total) return
    incomplete.delete(key)
    const ordered = [...parts].sort(([one], [other]) => one - other).map(([, each]) => each)
    messages.push({
      to,
      text: ordered.map((each) => each.text).join(''),
      ids: ordered.map((each) => each.id),
      takenAt: new Date(takenAt),
    })
  }

  function clear(): void {
    taken.length = 0
    messages.length = 0
    byId.clear()
    incomplete.clear()
  }

  for (const text of journal?.lines() ?? []) {
    const line = Line.parse(JSON.parse(text))
    if ('reset' in line) clear()
    else apply(line)
  }

  return {
    add(submission) {
      journal?.append(JSON.stringify(submission))
      apply(submission)
    },
    find: (id) => byId.get(id),
    submissions: () => taken,
    messages: () => messages,
    clear() {
      journal?.append(JSON.stringify({ reset: true }))
      clear()
    },
  }
}
