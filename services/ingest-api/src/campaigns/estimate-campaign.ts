import type { PreparationRules } from '@sms-gateway/acceptance/prepare-message'
import type { LimitConfig } from '@sms-gateway/config/limits'
import type { EstimateResponse } from '@sms-gateway/contracts/campaigns'
import { countRecipientsByZone, countSuppressed } from '@sms-gateway/db/campaign-estimates'
import type { Db } from '@sms-gateway/db/connect'
import { listPrices } from '@sms-gateway/db/prices'
import type { Campaign } from '@sms-gateway/domain/campaign'
import { estimateEnd, findTightest, type Limit } from '@sms-gateway/domain/campaign-duration'
import { nextTime } from '@sms-gateway/domain/campaign-schedule'
import { findOpening } from '@sms-gateway/domain/deliver-window'
import { CURRENCY, priceOf, toDecimal } from '@sms-gateway/domain/money'
import { ProviderName } from '@sms-gateway/domain/provider'

export interface EstimateDeps {
  db: Db
  rules: PreparationRules
  limits: LimitConfig
  now: () => Date
}

/** What the estimate is for: others are counted as if they went there. */
const HOME_COUNTRY = 'TW'

/** What it would cost and how long it would take, if it began when it is to begin and nothing changed. */
export async function estimateCampaign(
  { db, rules, limits, now }: EstimateDeps,
  campaign: Campaign,
): Promise<EstimateResponse> {
  const { recipients, segments, messageType, window } = campaign
  const startAt = campaign.nextRunAt ?? nextTime(campaign, now()) ?? now()
  const prices = await listPrices(db)
  const suppressed = await countSuppressed(db, campaign, rules.suppression)
  const question = { messageType, window }
  const zones = await countRecipientsByZone(db, campaign)
  const heldAtStart = zones
    .filter(({ timeZone }) => {
      return findOpening({ ...question, timeZone }, rules.quiet, startAt).kind !== 'now'
    })
    .reduce((sum, { count }) => sum + count, 0)
  const { perMinute, name } = findTightest(listLimits(limits, rules, campaign))
  const messages = recipients - suppressed
  const end =
    perMinute === null
      ? null
      : estimateEnd({ messages, perMinute, startAt }, { ...question, timeZone: null }, rules.quiet)
  return {
    recipients,
    suppressed,
    held_at_start: heldAtStart,
    segments,
    cost: ProviderName.options.map((provider) => ({
      provider,
      amount: toDecimal(
        priceOf(prices, { provider, country: HOME_COUNTRY, at: startAt }, segments),
      ),
      currency: CURRENCY,
    })),
    starts_at: startAt.toISOString(),
    per_minute: perMinute,
    limited_by: name,
    seconds: end && Math.ceil((end.getTime() - startAt.getTime()) / 1_000),
    ends_at: end?.toISOString() ?? null,
  }
}

/** In messages a minute. Each part of a text is a submission at Chunghwa. */
function listLimits(
  { allPerMinute, perSecond, customerPerMinute }: LimitConfig,
  { primaryProvider }: PreparationRules,
  { customerId, recipients, segments }: Campaign,
): Limit[] {
  const parts = primaryProvider === 'chunghwa' && recipients > 0 ? segments / recipients : 1
  return [
    { name: 'SMS_RATE_LIMIT_PER_MINUTE', perMinute: allPerMinute },
    {
      name: `SMS_${primaryProvider.toUpperCase()}_RATE_PER_SECOND`,
      perMinute: (perSecond[primaryProvider] * 60) / parts,
    },
    {
      name: 'SMS_CUSTOMER_RATE_PER_MINUTE',
      perMinute: customerId === null ? 0 : customerPerMinute,
    },
  ]
}
