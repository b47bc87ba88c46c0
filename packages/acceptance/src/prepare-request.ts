import type { SendRequest } from '@sms-gateway/contracts/send-request'
import type { Customer, SenderSettings } from '@sms-gateway/db/customer-settings'
import { makeOptOutToken } from '@sms-gateway/db/opt-out-token'
import type { Vault } from '@sms-gateway/db/vault'
import type { TemplateInForce } from '@sms-gateway/domain/experiment'
import type { MessageOrigin } from '@sms-gateway/domain/message'
import type { PriceList } from '@sms-gateway/domain/money'
import { parsePhone, type Phone } from '@sms-gateway/domain/phone'
import { NOTHING_RECORDED, type Permissions } from '@sms-gateway/domain/suppression'
import { type CheckFraud, holdSuspect } from './fraud-check.ts'
import type { Preparation, PreparationRules } from './prepare-message.ts'
import { prepareMessage } from './prepare-message.ts'

/** What the stores know of a request. Each is asked again and again, so each answers from a cache or for many at once. */
export interface RequestContext {
  vault: Pick<Vault, 'hash' | 'mac'>
  rules: PreparationRules
  /** The version in force. */
  templateOf: (code: string) => Promise<TemplateInForce | undefined>
  /** What was set for whom the message is for, and for whose key sends it. */
  settingsOf: (customer: Customer) => Promise<SenderSettings>
  /** What a recipient lets us send, now. */
  permissionsOf: (phone: Phone) => Promise<Permissions>
  /** What the providers take. */
  pricesInForce: () => Promise<PriceList>
  /** Whether it looks like toll fraud; `undefined` where nobody looks. */
  checkFraud?: CheckFraud | undefined
}

export interface RequestFacts {
  clientId: string
  request: SendRequest
  now: Date
  origin?: Partial<MessageOrigin>
}

/** Of a text that is marketing it opts out of marketing, of any other of all. */
const LINK_DAYS = 365

export function toLinkMaker(
  { vault, rules }: Pick<RequestContext, 'vault' | 'rules'>,
  phone: Phone,
  { messageType, now }: { messageType: string; now: Date },
): { optOutLink?: () => string } {
  const { optOutUrl, suppression } = rules
  if (optOutUrl === undefined) return {}
  const isMarketing = suppression.marketingTypes.includes(messageType)
  const link = { phone, kind: isMarketing ? 'marketing' : 'all' } as const
  const expiresAt = new Date(now.getTime() + LINK_DAYS * 86_400_000)
  return { optOutLink: () => `${optOutUrl}/${makeOptOutToken(vault, link, expiresAt)}` }
}

/** The one way in which a request becomes a message, whether it comes alone, in a batch or of a campaign. */
export async function prepareRequest(
  {
    vault,
    rules,
    templateOf,
    settingsOf,
    permissionsOf,
    pricesInForce,
    checkFraud,
  }: RequestContext,
  { clientId, request, now, origin }: RequestFacts,
): Promise<Preparation> {
  const { customer_id: customerId = null, template_code: code, message_type: messageType } = request
  const { timeZone, senderName } = await settingsOf({ clientId, customerId })
  const template = code === undefined ? undefined : await templateOf(code)
  // Of a number that is none there is nothing to know: the preparation refuses it.
  const phone = parsePhone(request.phone, rules.allowedCountries)
  const permissions = phone.kind === 'ok' ? await permissionsOf(phone.phone) : NOTHING_RECORDED
  const context = {
    clientId,
    now,
    timeZone,
    senderName,
    template,
    permissions,
    prices: await pricesInForce(),
    hash: vault.hash,
    ...(phone.kind === 'ok' && toLinkMaker({ vault, rules }, phone.phone, { messageType, now })),
    ...(origin && { origin }),
  }
  const prepared = prepareMessage(request, context, rules)
  return checkFraud && prepared.kind === 'ok'
    ? { kind: 'ok', message: await holdSuspect(checkFraud, prepared.message) }
    : prepared
}
