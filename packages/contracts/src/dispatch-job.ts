import { z } from 'zod'
import { MessageId } from '@sms-gateway/domain/ids'

export const DISPATCH_BATCH_SIZE = 100

/** "Look at these messages now." Ids alone: a queue's store knows no number and no text. */
export const DispatchJob = z.strictObject({
  ids: z.array(MessageId).min(1).max(DISPATCH_BATCH_SIZE),
})
export type DispatchJob = z.infer<typeof DispatchJob>
