import { z } from 'zod'

const Rate = z.number().min(0).max(1)
const Ms = z.number().min(0)

/** A fixed time, or one drawn evenly from a range. */
const Duration = z.union([Ms, z.tuple([Ms, Ms])])
export type Duration = z.infer<typeof Duration>

/** `code`: Twilio's error code or QuerySM's return code. */
const FinalOutcome = z.strictObject({
  status: z.enum(['delivered', 'undelivered']),
  code: z.int().optional(),
  weight: z.number().positive().default(1),
})
export type FinalOutcome = z.infer<typeof FinalOutcome>

/** What a number is always answered: Twilio's code with an HTTP status, or SubmitSM's return code. */
const NumberAnswer = z.strictObject({ code: z.int(), status: z.int().default(400) })

/** How both simulators behave; what one of them does not have is ignored there. */
export const Script = z.strictObject({
  /** Between taking a message and the answer. */
  latencyMs: Duration.default(0),
  /** Taken, and answered when this is false again, however long that is. */
  holdAnswers: z.boolean().default(false),
  /** Whether latency, the hold and mishaps meet questions (lists, queries, balance) too. */
  scope: z.enum(['submissions', 'all']).default('submissions'),
  /** The port is closed for so long from now on; 0 opens it again. */
  refuseConnectionsMs: Ms.default(0),
  /** The connection is closed; nothing was taken. */
  dropBeforeTakingRate: Rate.default(0),
  /** An error is answered; nothing was taken. With status 200 IMSP answers `errorCode`. */
  errorRate: Rate.default(0),
  errorStatus: z.int().min(200).max(599).default(500),
  errorCode: z.int().optional(),
  retryAfter: z.string().optional(),
  /** A front end answers 502 with a page of its own; the message was taken or not. */
  http502Rate: Rate.default(0),
  http502TakenRate: Rate.default(0.5),
  /** Taken, and the connection is closed without an answer. */
  loseAnswerRate: Rate.default(0),
  /** Taken, and never answered. */
  hangRate: Rate.default(0),
  numbers: z.record(z.string(), NumberAnswer).default({}),
  /** From taking to the final status. */
  deliveryDelayMs: Duration.default(1_000),
  outcomes: z
    .array(FinalOutcome)
    .min(1)
    .default([{ status: 'delivered', weight: 1 }]),
  /** Twilio's status callbacks. */
  receipts: z
    .strictObject({
      /** Whether `sent` is told too, or only the final status. */
      sent: z.boolean().default(true),
      lostRate: Rate.default(0),
      /** Those that are due wait until this is false again. */
      held: z.boolean().default(false),
      lateRate: Rate.default(0),
      lateMs: Duration.default(5_000),
      doubledRate: Rate.default(0),
      /** The final status is told before `sent`. */
      disorderedRate: Rate.default(0),
      /** Repeats of a callback that failed, unless its URL says otherwise (`#rc=3`). */
      retries: z.int().min(0).max(5).default(1),
      retryDelayMs: Ms.default(1_000),
    })
    .prefault({}),
  /** IMSP: as captured from the real server, or as the manual prints it. */
  html: z.enum(['real', 'manual']).default('real'),
})
export type Script = z.infer<typeof Script>

/** Any part of a script; what it leaves out stays as it is. */
export const ScriptPatch = z.looseObject({ receipts: z.looseObject({}).optional() })
export type ScriptPatch = Partial<Omit<z.input<typeof Script>, 'receipts'>> & {
  receipts?: Partial<Script['receipts']>
}

export function patchScript(script: Script, patch: object): Script {
  const { receipts, ...rest } = ScriptPatch.parse(patch)
  return Script.parse({ ...script, ...rest, receipts: { ...script.receipts, ...receipts } })
}

export function drawMs(duration: Duration, random: () => number): number {
  if (typeof duration === 'number') return duration
  const [from, to] = duration
  return from + random() * (to - from)
}

export function drawOutcome(outcomes: readonly FinalOutcome[], random: () => number): FinalOutcome {
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0)
  let rest = random() * total
  const drawn = outcomes.find(({ weight }) => (rest -= weight) < 0) ?? outcomes[0]
  if (drawn === undefined) throw new Error('a script has at least one outcome')
  return drawn
}
