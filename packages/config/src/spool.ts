import type { Values } from '@sms-gateway/service-kit/environment-variables'
import { text } from '@sms-gateway/service-kit/environment-variables'

/** Where receipts wait while PostgreSQL is away: a folder that outlives the process, on a disk of its own if possible. */
export const spoolVariables = {
  SMS_SPOOL_DIR: text({ default: '.data/spool', form: 'a folder', example: '/var/lib/sms/spool' }),
}

export function toSpoolConfig({ SMS_SPOOL_DIR }: Values<typeof spoolVariables>) {
  return { spoolDir: SMS_SPOOL_DIR }
}
