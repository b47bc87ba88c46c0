import { z } from 'zod'
import { createInbox, type ImspMessage } from './imsp-inbox.ts'
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
  const inbox = createInbox()

  function apply(submission: ImspSubmission): void {
    taken.push(submission)
    byId.set(submission.id, submission)
    for (const to of submission.to) inbox.deliver(submission, to)
  }

  function clear(): void {
    taken.length = 0
    byId.clear()
    inbox.clear()
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
    messages: () => inbox.messages,
    clear() {
      journal?.append(JSON.stringify({ reset: true }))
      clear()
    },
  }
}
