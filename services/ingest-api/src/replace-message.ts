import { ringFor } from '@sms-gateway/acceptance/message-store'
import { prepareRetry } from '@sms-gateway/acceptance/prepare-retry'
import { BUDGET_EXHAUSTED } from '@sms-gateway/acceptance/refusal'
import { findRetry, insertRetries } from '@sms-gateway/db/retry-messages'
import type { Message } from '@sms-gateway/domain/message'
import type { ApiClient } from '@sms-gateway/service-kit/api-auth'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { budgetCounting } from './answers.ts'
import { findOwnMessage } from './find-own-message.ts'
import type { RetryDeps } from './retry-failed.ts'

/** A second click finds the message that the first one made. */
export async function replaceMessage(
  deps: RetryDeps,
  client: ApiClient,
  message: Message,
): Promise<Message> {
  const now = deps.now()
  const prepared = prepareRetry(message, { now, notBefore: null })
  if (!prepared) throw notRetriable(message)
  const retry = {
    of: message.id,
    message: prepared,
    possibleDuplicate: mayHaveArrived(message),
  }
  const inForce = await deps.budgetsInForce()
  const inserted = await insertRetries(deps.db, deps.vault, [retry], { now, inForce })
  const { made, unaffordable, counting } = inserted
  if (counting > 0) throw budgetCounting()
  if (unaffordable > 0) throw new HttpProblem(BUDGET_EXHAUSTED.code, BUDGET_EXHAUSTED.detail)
  const [first] = made
  if (first) await ringFor(deps.queues, [first.message])
  const id = first?.message.id ?? (await findRetry(deps.db, message.id))
  return findOwnMessage(deps, client, id)
}

/** As a whole or in part, at whichever provider. */
function mayHaveArrived({ status, possibleDuplicate, pinnedProvider }: Message): boolean {
  return status === 'unknown' || possibleDuplicate || pinnedProvider !== null
}

export function notRetriable({ status, phone }: Message): HttpProblem {
  if (phone === null) {
    const detail = 'The data of its recipient was erased: there is nothing left to send.'
    return new HttpProblem('message-not-retriable', detail)
  }
  return new HttpProblem(
    'message-not-retriable',
    `The message is ${status}: only one that failed, expired or was not delivered can be sent again.`,
  )
}
