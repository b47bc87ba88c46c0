import type { FraudSign } from '@sms-gateway/domain/fraud-check'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { counterIn, type Registry } from '@sms-gateway/service-kit/metrics'

/** Tells the operator of each message that is kept back, without a number. */
export function createFraudAlarm(
  registry: Registry,
  logger: Logger,
): (sign: FraudSign, message: NewMessage) => void {
  const held = counterIn(registry, {
    name: 'sms_fraud_held_total',
    help: 'One-time passwords that were held for a fraud check, by the limit they passed',
    labelNames: ['sign'],
  })
  return (sign, { id, clientId }) => {
    held.inc({ sign })
    logger.warn({ messageId: id, clientId, sign }, 'held for a fraud check')
  }
}
