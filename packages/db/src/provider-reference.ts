import type { Selectable } from 'kysely'
import type { ProviderReferenceTable } from './schema/receipts.ts'

export type Reference = Selectable<ProviderReferenceTable>

export function referenceKey({
  provider,
  reference,
}: {
  provider: string
  reference: string
}): string {
  return `${provider} ${reference}`
}
