import type { Generated } from 'kysely'
import type { Timestamp } from './timestamp.ts'

export interface TemplateTable {
  code: string
  /** The one in force. */
  version: number
  deleted_at: Timestamp | null
  created_at: Generated<Date>
}

export interface TemplateVersionTable {
  code: string
  version: number
  name: string
  language: string
  author: string | null
  created_at: Generated<Date>
}

export interface TemplateVariantTable {
  code: string
  version: number
  variant: string
  content: string
  weight: number
  active: boolean
}
