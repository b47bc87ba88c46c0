/** By month of the message's id: the column that bears it. */
export const PARTITION_KEYS = {
  message: 'id',
  message_event: 'message_id',
  attempt: 'message_id',
  money_entry: 'message_id',
} as const
export type PartitionedTable = keyof typeof PARTITION_KEYS

/** Messages first: of a month whose messages are gone, nobody asks for the rest. */
export const PARTITIONED_TABLES = ['message', 'message_event', 'attempt', 'money_entry'] as const
