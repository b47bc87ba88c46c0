import { z } from 'zod'
import type { MessageStatus } from './message-status.ts'

/** What an operator says of a message that nobody knows the end of: contract.md, 3. */
export const ResolveAction = z.enum(['resend', 'sent', 'failed'])
export type ResolveAction = z.infer<typeof ResolveAction>

export type Resolution =
  /** Its newest attempt is settled so, and the message moves on. */
  | { kind: 'settle'; as: 'sent' | 'failed' | 'queued' }
  /** It had ended as `unknown`: only what a receipt could have said is left to say. */
  | { kind: 'move'; to: 'sent' | 'undelivered' }
  /** What has ended stays ended: another message goes in its stead. */
  | { kind: 'replace' }
  | { kind: 'too-late' }

/** `unknown` never becomes `failed`: that would say that no provider took it, which nobody knows. */
export function resolveByHand(
  { status, inDoubt }: { status: MessageStatus; inDoubt: boolean },
  action: ResolveAction,
): Resolution {
  if (status === 'sending' && inDoubt) {
    return { kind: 'settle', as: action === 'resend' ? 'queued' : action }
  }
  if (status !== 'unknown') return { kind: 'too-late' }
  if (action === 'resend') return { kind: 'replace' }
  return { kind: 'move', to: action === 'sent' ? 'sent' : 'undelivered' }
}

const RETRIABLE = ['failed', 'undelivered', 'expired'] as const

/** Whether another message may go in its stead without asking whether this one arrived. */
export function mayRetry(status: MessageStatus): boolean {
  return RETRIABLE.some((each) => each === status)
}
