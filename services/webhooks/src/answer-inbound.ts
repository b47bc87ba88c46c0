import type { PreparationRules } from '@sms-gateway/acceptance/prepare-message'
import { prepareMessage } from '@sms-gateway/acceptance/prepare-message'
import type { AnswerInbound } from '@sms-gateway/db/apply-inbound'
import { decideAnswer } from '@sms-gateway/domain/decide-answer'
import type { InboundText } from '@sms-gateway/domain/inbound'
import { isTwilioKeyword } from '@sms-gateway/domain/keywords'

export interface AnswerRules extends Omit<PreparationRules, 'suppression'> {
  /** `SMS_ENABLED`: without it nobody is answered, and words still do what they say. */
  sendingEnabled: boolean
  /** Twilio answers its own words, as it does on a long code unless it is told not to. */
  twilioAnswersKeywords: boolean
  answersPerHour: number
}

export interface AnswererDeps {
  /** What we send from. */
  ownNumbers: readonly string[]
  hash: (value: string) => Buffer
  now: () => Date
}

/** No answer is marketing here; where an operator says that one is, the dispatcher judges it. */
const SUPPRESSION = { marketingTypes: [], requireConsent: false }

/** What a text is answered with by itself: an ordinary message, for all gates to judge as ever. */
export function createAnswerer(
  rules: AnswerRules,
  { ownNumbers, hash, now }: AnswererDeps,
): AnswerInbound {
  return (facts) => {
    if (!rules.sendingEnabled) return undefined
    const { inbound, permissions, customerId } = facts
    const decision = decideAnswer(
      {
        ...facts,
        text: inbound.text,
        isOptedOut: permissions.optOuts.includes('all'),
        isOwnNumber: inbound.from === inbound.to || ownNumbers.includes(inbound.from),
        answeredByProvider: isAnsweredByProvider(inbound, rules),
      },
      { ...rules, companyName: facts.senderName ?? rules.companyName },
    )
    if (decision.kind === 'none') return undefined
    const { confirmsOptOut: exemptFromOptOut } = decision
    const request = {
      ...{ phone: inbound.from, message: decision.text, message_type: decision.messageType },
      ...(customerId !== null && { customer_id: customerId }),
    }
    const { clientId, timeZone, senderName, prices } = facts
    const prepared = prepareMessage(
      request,
      {
        ...{ clientId, timeZone, senderName, prices, hash, now: now(), template: undefined },
        permissions: { ...permissions, exemptFromOptOut },
      },
      { ...rules, suppression: SUPPRESSION },
    )
    // A country that we do not send to, a sender that is no number: then nobody is answered.
    if (prepared.kind === 'refused') return undefined
    const { message } = prepared
    // Nobody enqueues it: it is due at once, and rung for.
    const due = { ...message, notBefore: message.notBefore ?? now() }
    return { message: due, ...(exemptFromOptOut && { exemptFromOptOut }) }
  }
}

function isAnsweredByProvider(inbound: InboundText, rules: AnswerRules): boolean {
  if (inbound.provider !== 'twilio') return false
  if (inbound.providerKeyword !== null) return true
  return rules.twilioAnswersKeywords && isTwilioKeyword(inbound.text)
}
