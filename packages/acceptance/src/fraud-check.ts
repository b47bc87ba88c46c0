import type { Db } from '@sms-gateway/db/connect'
import { countOtps, type OtpRequest } from '@sms-gateway/db/otp-counts'
import { isOutage } from '@sms-gateway/db/readiness'
import type { Vault } from '@sms-gateway/db/vault'
import {
  findFraudSign,
  FRAUD_CHECK,
  type FraudLimits,
  type FraudSign,
} from '@sms-gateway/domain/fraud-check'
import type { NewMessage } from '@sms-gateway/domain/message'
import { createBatcher } from '@sms-gateway/service-kit/batcher'

/** Counts a one-time password, and says which limit it passes. */
export type CheckFraud = (message: NewMessage) => Promise<FraudSign | undefined>

const BATCH_SIZE = 100
const CONCURRENT_BATCHES = 1
const MAX_WAITING = 5_000
/** What such fraud is made of: anybody can ask a web page for one, to any number. */
const CHECKED_TYPE = 'otp'

/** `undefined` where there are no limits: then nothing is counted. */
export function createFraudCheck(
  { db, vault }: { db: Db; vault: Vault },
  limits: FraudLimits | undefined,
  onSign: (sign: FraudSign, message: NewMessage) => void,
): CheckFraud | undefined {
  if (!limits) return undefined
  const batcher = createBatcher<OtpRequest, FraudSign | undefined>({
    maxSize: BATCH_SIZE,
    maxConcurrent: CONCURRENT_BATCHES,
    maxWaiting: MAX_WAITING,
    isOutage,
    async flush(requests) {
      const counts = await countOtps(db, vault, requests, limits)
      return counts.map((each) => findFraudSign(each, limits))
    },
  })
  return async (message) => {
    const { clientId, phone, createdAt: at } = message
    const sign = await batcher.add({ clientId, phone, at })
    if (sign) onSign(sign, message)
    return sign
  }
}

/** Accepted, and kept back until an operator lets it go; it expires as any other. */
export async function holdSuspect(check: CheckFraud, message: NewMessage): Promise<NewMessage> {
  if (message.messageType !== CHECKED_TYPE || message.status === 'suppressed') return message
  const sign = await check(message)
  return sign === undefined
    ? message
    : { ...message, status: 'held', holdReason: FRAUD_CHECK, notBefore: message.expiresAt }
}
