import type { AttemptEnding, TakenReference } from '@sms-gateway/domain/attempt-result'
import { isCounted } from '@sms-gateway/domain/attempt-result'
import type { MessageError, NextStep } from '@sms-gateway/domain/decide-next'
import { EXPIRED } from '@sms-gateway/domain/expiry'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import { nextPollAt } from '@sms-gateway/domain/poll-plan'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { MessageChange, Settlement } from './settle-attempts.ts'

export interface AttemptFacts {
  attempt: AttemptKey
  provider: ProviderName
  /** How many parts the provider is given for the text. */
  parts: number
  /** Its receipts must be asked for. */
  polled: boolean
  /** Then it was counted when the doubt began. */
  wasInDoubt: boolean
  at: Date
}

/** What the database is told of an attempt: pure, so that every ending can be read in one place. */
export function toSettlement(
  facts: AttemptFacts,
  result: AttemptEnding,
  step: NextStep,
): Settlement {
  const { attempt, provider, parts, polled, wasInDoubt, at } = facts
  const taken = takenOf(result)
  const change = changeOf(step)
  change.providerMessageId = taken.find(({ part }) => part === 1)?.reference ?? null
  change.pinnedProvider = taken.length > 0 && result.kind !== 'accepted' ? provider : null
  return {
    messageId: attempt.messageId,
    number: attempt.number,
    provider,
    state: result.kind,
    counted: !wasInDoubt && isCounted(result),
    error: errorOf(result),
    checkAt: step.kind === 'doubt' ? step.checkAt : null,
    taken: taken.map(({ part, reference }) => ({
      reference,
      part,
      parts,
      pollAt: polled ? (nextPollAt(0, at, at) ?? null) : null,
    })),
    change,
    event: eventOf(step, result),
    at,
  }
}

function takenOf(result: AttemptEnding): readonly TakenReference[] {
  return 'taken' in result ? result.taken : []
}

function errorOf(result: AttemptEnding): MessageError | null {
  switch (result.kind) {
    case 'accepted':
      return null
    case 'unsent':
      return UNSENT
    case 'absent':
      return ABSENT
    case 'partial':
      return result.rest.kind === 'unsent' ? UNSENT : pick(result.rest)
    case 'in_doubt':
    case 'refused':
    case 'throttled':
    case 'unreachable':
      return pick(result)
  }
}

const UNSENT = {
  code: 'unsent',
  detail: 'too much time had passed since the attempt was committed',
}
const ABSENT = { code: 'absent', detail: 'asked twice, the provider knows nothing of it' }
function pick({ code, detail }: MessageError): MessageError {
  return { code, detail }
}

const UNCHANGED: Omit<MessageChange, 'status'> = {
  keepClaim: false,
  inDoubt: false,
  notBefore: null,
  holdReason: null,
  providerMessageId: null,
  pinnedProvider: null,
  possibleDuplicate: false,
  error: null,
}

function changeOf(step: NextStep): MessageChange {
  switch (step.kind) {
    case 'sent':
      return { ...UNCHANGED, status: 'sent' }
    case 'next':
      return {
        ...UNCHANGED,
        status: 'sending',
        keepClaim: true,
        possibleDuplicate: step.possibleDuplicate,
      }
    case 'park':
      return {
        ...UNCHANGED,
        status: 'queued',
        notBefore: step.until,
        holdReason: step.reason,
        possibleDuplicate: step.possibleDuplicate,
      }
    case 'fail':
      return { ...UNCHANGED, status: 'failed', error: step.error }
    case 'expire':
      return { ...UNCHANGED, status: 'expired', error: EXPIRED }
    case 'doubt':
      return { ...UNCHANGED, status: 'sending', inDoubt: true, error: step.error }
    case 'incomplete':
      return { ...UNCHANGED, status: 'undelivered', error: step.error }
  }
}

function eventOf(step: NextStep, result: AttemptEnding): Settlement['event'] {
  const error = errorOf(result)
  const told = (status: MessageChange['status'], detail: string | null) => ({
    status,
    errorCode: error?.code ?? null,
    detail,
  })
  const because = error?.detail ?? ''
  switch (step.kind) {
    case 'sent':
      return told('sent', null)
    case 'next':
      return told('sending', `${result.kind}: ${because}; the next provider is tried`)
    case 'park':
      return told('queued', `${step.reason}: ${because}`)
    case 'fail':
      return told('failed', because)
    case 'expire':
      return told('expired', EXPIRED.detail)
    case 'doubt':
      return told('sending', `in doubt: ${because}`)
    case 'incomplete':
      return told('undelivered', `a part was not taken: ${because}`)
  }
}
