import { MAX_METADATA_BYTES, type SendRequest } from '@sms-gateway/contracts/send-request'
import { refuse, type Refused } from './refusal.ts'

/** Once for a request: of a batch each message keeps a copy. */
export function checkMetadata({ metadata }: Pick<SendRequest, 'metadata'>): Refused | undefined {
  if (metadata === undefined) return undefined
  const bytes = Buffer.byteLength(JSON.stringify(metadata))
  if (bytes <= MAX_METADATA_BYTES) return undefined
  const detail =
    `metadata is ${bytes} bytes as JSON, and at most ${MAX_METADATA_BYTES} are kept with a message: ` +
    'send an id of yours in it, and keep the rest with you.'
  return refuse('metadata-too-large', detail, [
    { path: 'metadata', message: `at most ${MAX_METADATA_BYTES} bytes as JSON` },
  ])
}
