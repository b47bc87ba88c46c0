import { z } from 'zod'
import { chooseVariant } from './choose-variant.ts'
import type { Suppression, SuppressionPolicy } from './suppression.ts'
import type { Template, TemplateVariant } from './template-version.ts'

/** What a variant is to be better at. */
export const ExperimentMetric = z.enum(['delivered', 'reply', 'no-opt-out'])
export type ExperimentMetric = z.infer<typeof ExperimentMetric>

/** What people outside the test get: the control's text, or nothing, where the message is marketing. */
export const HoldOutGets = z.enum(['control', 'nothing'])
export type HoldOutGets = z.infer<typeof HoldOutGets>

/** What acceptance must know of the test that runs on the version in force. */
export interface RunningExperiment {
  id: string
  /** A share of all people, kept out of the test. */
  holdOut: number
  holdOutGets: HoldOutGets
  /** The variant that the hold-out gets. */
  control: string
}

/** Why a test is over. */
export const ExperimentEnd = z.enum(['stopped', 'promoted', 'template-changed', 'template-deleted'])
export type ExperimentEnd = z.infer<typeof ExperimentEnd>

export interface Experiment extends RunningExperiment {
  code: string
  /** The one under test: its variants and weights are the arms. */
  version: number
  metric: ExperimentMetric
  /** The chance that a test without any difference is ever said to have a winner. */
  alpha: number
  /** How long after it was sent a message's outcome is looked at, once. */
  windowHours: number
  autoPromote: boolean
  author: string
  startedAt: Date
  endedAt: Date | null
  endReason: ExperimentEnd | null
  /** Found once, and kept whatever later looks say. */
  winner: string | null
  decidedAt: Date | null
}

/** A template as messages are made of it now. */
export interface TemplateInForce extends Template {
  experiment: RunningExperiment | null
}

export interface Assignment {
  variant: TemplateVariant
  experiment: { id: string; heldOut: boolean } | null
  /** What it has for those who are held out, if this person is. */
  holdOutGets: HoldOutGets | null
}

/**
 * What a person gets: a stable function of the points, which are keyed hashes of the version and of the test with the
 * person. `undefined` when no variant is active with a weight.
 */
export function assignVariant(
  { variants, experiment }: TemplateInForce,
  points: { variant: number; holdOut: number },
): Assignment | undefined {
  const heldOut = experiment !== null && points.holdOut < experiment.holdOut
  const variant = heldOut
    ? variants.find((each) => each.variant === experiment.control)
    : chooseVariant(variants, points.variant)
  if (!variant) return undefined
  return {
    variant,
    experiment: experiment && { id: experiment.id, heldOut },
    holdOutGets: heldOut ? experiment.holdOutGets : null,
  }
}

/** Held out of a test whose hold-out gets nothing: only marketing is ever kept back, all else somebody waits for. */
export function findHoldOut(
  messageType: string,
  holdOutGets: HoldOutGets | null,
  { marketingTypes }: Pick<SuppressionPolicy, 'marketingTypes'>,
): Suppression | undefined {
  if (holdOutGets !== 'nothing' || !marketingTypes.includes(messageType)) return undefined
  return {
    code: 'hold-out',
    detail: 'held out of a test of the template, whose hold-out gets nothing',
  }
}

/** The variants of a version that people get. */
export function listArms(variants: readonly TemplateVariant[]): TemplateVariant[] {
  return variants.filter(({ active, weight }) => active && weight > 0)
}
