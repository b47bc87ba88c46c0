import { z } from 'zod'
import type { Values } from '@sms-gateway/service-kit/environment-variables'
import { integer, optional, parsed, url } from '@sms-gateway/service-kit/environment-variables'

const databaseUrl = url({
  protocols: ['postgres', 'postgresql'],
  example: 'postgres://sms:secret@db:5432/sms',
})

const REDIS_FORM = /^(?:rediss?:\/\/.+|redis-cluster:\/\/[^,/]+:[0-9]+(?:,[^,/]+:[0-9]+)*)$/

export const storeVariables = {
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_SIZE: integer({ default: 10, min: 2, max: 200 }),
  REDIS_URL: optional(
    parsed(z.string().regex(REDIS_FORM), {
      form: 'redis://, rediss://, or redis-cluster://host:port,host:port',
      example: 'redis://127.0.0.1:6379',
    }),
  ),
}

/** Without Redis the queue lives in the same PostgreSQL. */
export function toStoreConfig({
  DATABASE_URL,
  DATABASE_POOL_SIZE,
  REDIS_URL,
}: Values<typeof storeVariables>) {
  return {
    database: { url: DATABASE_URL, poolSize: DATABASE_POOL_SIZE },
    queue:
      REDIS_URL === undefined
        ? ({ kind: 'postgres', url: DATABASE_URL } as const)
        : ({ kind: 'redis', url: REDIS_URL } as const),
  }
}

export const retentionVariables = {
  // With fewer days last month would be dropped, and made again.
  SMS_RETENTION_DAYS: integer({ default: 365, min: 31, max: 36_500 }),
}
