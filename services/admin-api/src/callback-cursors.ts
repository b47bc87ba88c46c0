import { z } from 'zod'
import type { CallbackEventPlace } from '@sms-gateway/db/callback-events'
import { parseRequest } from '@sms-gateway/service-kit/problem'

const Place = z.object({
  cursor: z
    .string()
    .regex(/^[0-9]{1,15}_[0-9a-f-]{36}$/)
    .transform((cursor) => cursor.split('_'))
    .pipe(z.tuple([z.string().transform((ms) => new Date(Number(ms))), z.uuid()]))
    .optional(),
})

export function readEventsCursor(cursor: string | undefined): CallbackEventPlace | undefined {
  const place = parseRequest(Place, { cursor }).cursor
  return place && { occurredAt: place[0], id: place[1] }
}

export function toEventsCursor({ occurredAt, id }: CallbackEventPlace): string {
  return `${occurredAt.getTime()}_${id}`
}
