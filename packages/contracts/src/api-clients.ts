import { z } from 'zod'
import { SenderName } from './sender-name.ts'

/** `PUT /api-clients/:id`. */
export const ApiClientSetting = z.strictObject({ sender_name: SenderName.nullable() })

export const ApiClientResponse = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  sender_name: z.string().nullable(),
  created_at: z.iso.datetime({ offset: true }),
})
export type ApiClientResponse = z.infer<typeof ApiClientResponse>

export const ApiClientsResponse = z.strictObject({
  data: z.array(ApiClientResponse),
  next_cursor: z.string().nullable(),
})
