import { type PreparationRules, prepareMessage } from '@sms-gateway/acceptance/prepare-message'
import { toLinkMaker } from '@sms-gateway/acceptance/prepare-request'
import type { SendRequest } from '@sms-gateway/contracts/send-request'
import type { RecipientOutcome } from '@sms-gateway/db/campaign-step-rows'
import type { PrepareRecipients } from '@sms-gateway/db/campaign-steps'
import type { DbTransaction } from '@sms-gateway/db/connect'
import { findManySenderSettings, type SenderSettings } from '@sms-gateway/db/customer-settings'
import { findPermissions } from '@sms-gateway/db/permissions'
import { listPrices } from '@sms-gateway/db/prices'
import { findPinnedTemplate } from '@sms-gateway/db/template-in-force'
import type { Vault } from '@sms-gateway/db/vault'
import type { Campaign, CampaignRecipient } from '@sms-gateway/domain/campaign'
import { findOpening } from '@sms-gateway/domain/deliver-window'
import type { TemplateInForce } from '@sms-gateway/domain/experiment'
import type { PriceList } from '@sms-gateway/domain/money'
import { Phone } from '@sms-gateway/domain/phone'
import {
  findSuppression,
  NOTHING_RECORDED,
  type Permissions,
} from '@sms-gateway/domain/suppression'

export interface PrepareDeps {
  vault: Vault
  rules: PreparationRules
  now: () => Date
}

const NEVER = {
  kind: 'reject',
  reason: 'window-impossible',
  detail: 'deliver_between lies within the quiet hours.',
} as const

const ERASED = { kind: 'suppress', reason: 'erased' } as const

/** What becomes of the next people of a campaign: their message, or why there is none, or not yet. */
export function createPrepareRecipients({ vault, rules, now }: PrepareDeps): PrepareRecipients {
  return async (trx, campaign, recipients) => {
    const known = recipients.flatMap((each) => (each.phone === null ? [] : [each]))
    const customers = known.flatMap(({ customerId }) => customerId ?? [])
    const phones = known.map(({ phone }) => Phone.parse(phone))
    const permissions = await findPermissions(trx, vault, { phones, channel: 'sms' })
    const facts: StepFacts = {
      campaign,
      template: await findPinned(trx, campaign),
      settings: await findManySenderSettings(trx, campaign.clientId, [...new Set(customers)]),
      permissions: new Map(known.map(({ row }, index) => [row, permissions[index]])),
      prices: await listPrices(trx),
      at: now(),
    }
    return recipients.map((each) =>
      each.phone === null ? ERASED : decide({ vault, rules }, facts, each),
    )
  }
}

interface StepFacts {
  campaign: Campaign
  template: TemplateInForce | undefined
  /** By customer. */
  settings: ReadonlyMap<string, SenderSettings>
  /** By row. */
  permissions: ReadonlyMap<number, Permissions | undefined>
  prices: PriceList
  at: Date
}

function decide(
  { vault, rules }: Pick<PrepareDeps, 'vault' | 'rules'>,
  { campaign, template, settings, prices, at, ...facts }: StepFacts,
  recipient: CampaignRecipient,
): RecipientOutcome {
  const { messageType, window, clientId } = campaign
  const permissions = facts.permissions.get(recipient.row) ?? NOTHING_RECORDED
  const suppression = findSuppression(messageType, permissions, rules.suppression)
  if (suppression) return { kind: 'suppress', reason: suppression.code }
  const { timeZone = null, senderName = null } = settings.get(recipient.customerId ?? '') ?? {}
  const opening = findOpening({ messageType, timeZone, window }, rules.quiet, at)
  if (opening.kind === 'never') return NEVER
  if (opening.kind === 'at') return { kind: 'wait', until: opening.at }
  const context = {
    clientId,
    now: at,
    timeZone,
    senderName,
    template,
    permissions,
    prices,
    hash: vault.hash,
    ...toLinkMaker({ vault, rules }, Phone.parse(recipient.phone), { messageType, now: at }),
    origin: { campaignId: campaign.id },
  }
  const prepared = prepareMessage(toRequest(campaign, recipient), context, rules)
  return prepared.kind === 'ok'
    ? { kind: 'hand', message: prepared.message }
    : { kind: 'reject', reason: prepared.code, detail: prepared.detail }
}

/** The version that everybody's row was checked against, whatever has become of the template since. */
async function findPinned(
  trx: DbTransaction,
  { content }: Campaign,
): Promise<TemplateInForce | undefined> {
  return content.kind === 'template'
    ? findPinnedTemplate(trx, content.templateCode, content.templateVersion)
    : undefined
}

function toRequest(
  { content, messageType, lane }: Campaign,
  { phone, customerId, data }: CampaignRecipient,
): SendRequest {
  return {
    phone,
    message_type: messageType,
    priority: lane,
    ...(customerId !== null && { customer_id: customerId }),
    ...(content.kind === 'template'
      ? { template_code: content.templateCode, template_data: data }
      : { message: content.text }),
  }
}
