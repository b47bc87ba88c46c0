import { v4 as uuidv4 } from 'uuid'
import { z } from 'zod'

/** UUIDv7: sortable by time, so lists page by it and tables are partitioned by it. */
export const MessageId = z.uuidv7().brand<'MessageId'>()
export type MessageId = z.infer<typeof MessageId>

export function createMessageId(now: Date): MessageId {
  return MessageId.parse(createUuid(now))
}

/** Of a batch: sorted by its time, as its messages are. */
export function createBatchId(now: Date): string {
  return createUuid(now)
}

/** Of rows that are nobody's but ours: sortable by time too. */
export function createRowId(now: Date): string {
  return createUuid(now)
}

export const CampaignId = z.uuidv7().brand<'CampaignId'>()
export type CampaignId = z.infer<typeof CampaignId>

export function createCampaignId(now: Date): CampaignId {
  return CampaignId.parse(createUuid(now))
}

/** One submission of one message: `<message id>.<number>`, so that it finds its row without an index of its own. */
export interface AttemptKey {
  messageId: MessageId
  number: number
}

const ATTEMPT_ID = /^([0-9a-f-]{36})\.([1-9][0-9]{0,3})$/

export function toAttemptId({ messageId, number }: AttemptKey): string {
  return `${messageId}.${number}`
}

/** `undefined` for anything that is not an attempt id of ours. */
export function readAttemptId(text: string): AttemptKey | undefined {
  const match = ATTEMPT_ID.exec(text)
  const messageId = MessageId.safeParse(match?.[1])
  return match && messageId.success
    ? { messageId: messageId.data, number: Number(match[2]) }
    : undefined
}

/** The smallest UUIDv7 of a millisecond: where a partition that begins at `at` begins. None is before 1970. */
export function firstIdAt(at: Date): string {
  return `${toTimePart(at)}-7000-8000-000000000000`
}

/** A UUIDv4 with the time in front: its 74 random bits stay where they are, and it is drawn at a fifth of a v7's cost. */
function createUuid(at: Date): string {
  return `${toTimePart(at)}-7${uuidv4().slice(15)}`
}

function toTimePart(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/** When it was made, to the millisecond. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))
}
