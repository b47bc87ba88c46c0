import { CONSENT_COLUMNS, ConsentRow } from '@sms-gateway/contracts/consents'
import { recordConsents } from '@sms-gateway/db/consents'
import type { Consent } from '@sms-gateway/db/list-consents'
import type { CsvImport } from './csv-import.ts'
import type { PermissionDeps } from './opt-out-routes.ts'

export function consentImport(
  { db, vault, now }: Pick<PermissionDeps, 'db' | 'vault' | 'now'>,
  actor: string,
): CsvImport<typeof ConsentRow> {
  return {
    columns: CONSENT_COLUMNS,
    schema: ConsentRow,
    store: (rows) => {
      const records = rows.map(({ wording_version, proof = null, at, ...row }) => ({
        ...row,
        wordingVersion: wording_version,
        proof,
        actor,
        ...(at && { at }),
      }))
      return recordConsents(db, vault, records, now())
    },
  }
}

export function toConsentCells(consent: Consent): (string | null)[] | null {
  const { phone, channel, kind, granted, source, wordingVersion, proof, at } = consent
  if (phone === null) return null
  return [phone, channel, kind, String(granted), source, wordingVersion, proof, at.toISOString()]
}
