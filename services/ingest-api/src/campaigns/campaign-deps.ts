import type { RequestContext } from '@sms-gateway/acceptance/prepare-request'
import type { Db } from '@sms-gateway/db/connect'
import type { Vault } from '@sms-gateway/db/vault'

/** What the making of a campaign uses. */
export interface CampaignDeps extends RequestContext {
  db: Db
  vault: Vault
  now: () => Date
}
