import { OPT_OUT_COLUMNS, OptOutRow } from '@sms-gateway/contracts/opt-outs'
import type { OptOut } from '@sms-gateway/db/list-opt-outs'
import { addOptOuts } from '@sms-gateway/db/opt-outs'
import type { CsvImport } from './csv-import.ts'
import type { PermissionDeps } from './opt-out-routes.ts'

export function optOutImport(
  { db, vault, now }: Pick<PermissionDeps, 'db' | 'vault' | 'now'>,
  actor: string,
): CsvImport<typeof OptOutRow> {
  return {
    columns: OPT_OUT_COLUMNS,
    schema: OptOutRow,
    store: (rows) => {
      const optOuts = rows.map(({ reason = null, created_at: at, ...row }) => ({
        ...row,
        reason,
        actor,
        ...(at && { at }),
      }))
      return addOptOuts(db, vault, optOuts, now())
    },
  }
}

export function toOptOutCells(optOut: OptOut): (string | null)[] | null {
  const { phone, channel, kind, source, reason, createdAt } = optOut
  return phone === null ? null : [phone, channel, kind, source, reason, createdAt.toISOString()]
}
