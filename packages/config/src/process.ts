import type { Values } from '@sms-gateway/service-kit/environment-variables'
import { integer, oneOf } from '@sms-gateway/service-kit/environment-variables'
import { LOG_LEVELS } from '@sms-gateway/service-kit/logger'

export const processVariables = {
  LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
  SHUTDOWN_LIMIT_MS: integer({ default: 20_000, min: 100, max: 600_000 }),
}

export function toProcessConfig({ LOG_LEVEL, SHUTDOWN_LIMIT_MS }: Values<typeof processVariables>) {
  return { logLevel: LOG_LEVEL, shutdownLimitMs: SHUTDOWN_LIMIT_MS }
}
