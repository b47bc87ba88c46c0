import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'

type Attempt = MessageAttemptsResponse['attempts'][number]

interface Says {
  whyPlan: (reason: string) => string
  whyOrder: string
  whyAfter: (provider: string, state: string) => string
  whyOutage: (provider: string, reason: string) => string
  states: Readonly<Record<Attempt['state'], string>>
}

/** Why an attempt went where it went, by what is known of the moment: a line for each thing that decided. */
export function explainAttempt(
  attempt: Attempt,
  previous: Attempt | undefined,
  say: Says,
): string[] {
  const lines: string[] = []
  if (previous && previous.provider !== attempt.provider) {
    lines.push(say.whyAfter(previous.provider, say.states[previous.state]))
  }
  for (const { provider, reason } of attempt.outages) lines.push(say.whyOutage(provider, reason))
  if (attempt.plan?.preferred === attempt.provider) lines.push(say.whyPlan(attempt.plan.reason))
  return lines.length > 0 ? lines : [say.whyOrder]
}
