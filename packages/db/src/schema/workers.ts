import type { Generated } from 'kysely'

/** A process that claims messages; one that was not seen for a while has lost its claims. */
export interface WorkerTable {
  id: string
  name: string
  started_at: Generated<Date>
  seen_at: Generated<Date>
}
