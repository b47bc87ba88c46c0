import { z } from 'zod'

/** Separate queues with their own workers' share, so that an otp passes a campaign of a million. */
export const Lane = z.enum(['urgent', 'normal', 'bulk'])
export type Lane = z.infer<typeof Lane>

export const LANES = Lane.options

const URGENT_TYPES: readonly string[] = ['otp', 'emergency']

/** A producer's `priority` names the lane; one-time passwords and emergencies are urgent whatever it says. */
export function chooseLane(messageType: string, priority: Lane | undefined): Lane {
  if (URGENT_TYPES.includes(messageType)) return 'urgent'
  return priority ?? 'normal'
}
