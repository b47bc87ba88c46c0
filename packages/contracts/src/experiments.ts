import { z } from 'zod'
import { ExperimentEnd, ExperimentMetric, HoldOutGets } from '@sms-gateway/domain/experiment'
import { Variant } from './templates.ts'

const MAX_WINDOW_HOURS = 7 * 24

/** `POST /templates/:code/experiment`. */
export const StartExperimentRequest = z.strictObject({
  /** What a variant is to be better at. */
  metric: ExperimentMetric.default('delivered'),
  /** The share of people that is kept out of the test. */
  hold_out: z.number().min(0).max(0.5).default(0),
  /** What they get. `nothing` is for marketing alone: any other message has the control's text. */
  hold_out_gets: HoldOutGets.default('control'),
  /** The variant of the hold-out; without one, that with the most weight. */
  control: Variant.optional(),
  /** The chance that variants without a difference ever get a winner. */
  alpha: z.number().min(0.0001).max(0.2).default(0.05),
  /** How long after it was sent a message's outcome is looked at. */
  window_hours: z.int().min(1).max(MAX_WINDOW_HOURS).default(24),
  /** The winner gets all the weight as soon as it is found, in a new version. */
  auto_promote: z.boolean().default(false),
})
export type StartExperimentRequest = z.output<typeof StartExperimentRequest>

/** `POST /templates/:code/promote`: without a variant, the winner of the test. */
export const PromoteRequest = z.strictObject({ variant: Variant.optional() })
export type PromoteRequest = z.output<typeof PromoteRequest>

const Moment = z.iso.datetime({ offset: true })

/** A share with its 95 % interval. */
const Rate = z.strictObject({
  count: z.int(),
  share: z.number().nullable(),
  low: z.number(),
  high: z.number(),
})

const Arm = z.strictObject({
  variant: z.string(),
  /** All messages, and what they cost. */
  messages: z.int(),
  cost: z.strictObject({ amount: z.string(), currency: z.string() }),
  /** Each person counts once, by the first message of the test. */
  people: z.int(),
  /** Those of them whose window has passed. The rates are of these. */
  settled: z.int(),
  delivered: Rate,
  failed: Rate,
  opted_out: Rate,
  replied: Rate,
})

const Results = z.strictObject({
  /** Whose messages are counted: everybody's, for keys with `operate` or `admin`, or those of the key's own API client. */
  of: z.enum(['all', 'own']),
  variants: z.array(Arm.extend({ weight: z.int() })),
  hold_out: Arm.nullable(),
  /** Each pair of variants; `p_value` is right at every look, and for all pairs together. */
  comparisons: z.array(
    z.strictObject({ better: z.string(), worse: z.string(), p_value: z.number() }),
  ),
  /** Whether people fell to the variants as the weights say; if not, there is no winner. */
  split: z.strictObject({ p_value: z.number().nullable(), mismatch: z.boolean() }),
  /** False where the test has more messages than are counted: these are its first. */
  complete: z.boolean(),
})

const Experiment = z.strictObject({
  id: z.uuidv7(),
  code: z.string(),
  version: z.int(),
  metric: ExperimentMetric,
  hold_out: z.number(),
  hold_out_gets: HoldOutGets,
  control: z.string(),
  alpha: z.number(),
  window_hours: z.int(),
  auto_promote: z.boolean(),
  author: z.string(),
  started_at: Moment,
  ended_at: Moment.nullable(),
  end_reason: ExperimentEnd.nullable(),
  winner: z.string().nullable(),
  /** When the winner was found; null where the winner is of this look and not recorded. */
  decided_at: Moment.nullable(),
})

export const ExperimentResponse = Experiment.extend({ results: Results })
export type ExperimentResponse = z.infer<typeof ExperimentResponse>

export const ExperimentsResponse = z.strictObject({
  data: z.array(Experiment),
  next_cursor: z.string().nullable(),
})
export type ExperimentsResponse = z.infer<typeof ExperimentsResponse>
