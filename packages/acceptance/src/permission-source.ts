import type { Db } from '@sms-gateway/db/connect'
import { findPermissions } from '@sms-gateway/db/permissions'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import type { Phone } from '@sms-gateway/domain/phone'
import type { Permissions } from '@sms-gateway/domain/suppression'
import { createBatcher } from '@sms-gateway/service-kit/batcher'

const BATCH_SIZE = 100
const CONCURRENT_BATCHES = 2
const MAX_WAITING = 5_000

/** Requests that arrive together ask together. Nothing is remembered: who opts out is heard at once. */
export function createPermissionSource(
  db: Db,
  vault: Vault,
): (phone: Phone) => Promise<Permissions> {
  const batcher = createBatcher<Phone, Permissions>({
    maxSize: BATCH_SIZE,
    maxConcurrent: CONCURRENT_BATCHES,
    maxWaiting: MAX_WAITING,
    isOutage,
    flush: (phones) => findPermissions(db, vault, { phones, channel: 'sms' }),
  })
  return (phone) => batcher.add(phone)
}
