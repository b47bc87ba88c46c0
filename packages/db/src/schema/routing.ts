import type { ColumnType, Generated } from 'kysely'
import type { Timestamp } from './timestamp.ts'

export interface RoutingPlanTable {
  id: Generated<number>
  at: Timestamp
  preferred: string
  plan: ColumnType<unknown, string, string>
  /** What the plan was made of. */
  scores: ColumnType<unknown, string, string>
}
