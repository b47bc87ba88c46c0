import { knownColumn } from '@sms-gateway/domain/known-columns'

/** Which field of a record is what. */
export interface Columns {
  phone: number
  customerId: number | undefined
  data: readonly { name: string; index: number }[]
  width: number
}

/** Each row is read column by column: thousands of them would hold up everybody else. The rest is left out. */
const MAX_COLUMNS = 100

export type ColumnsResult = { kind: 'ok'; columns: Columns } | { kind: 'missing'; names: string[] }

/**
 * Reads the header. `map` names our fields, each with its header: `{"phone": "聯絡手機", "order_id": "訂單"}`; the other way
 * round is understood too. A column that it does not name goes by its own header.
 */
export function readColumns(
  headers: readonly string[],
  map: Readonly<Record<string, string>>,
): ColumnsResult {
  const clean = headers.map((header) => header.trim())
  const renamed = new Map<number, string>()
  const missing: string[] = []
  for (const [key, value] of Object.entries(map)) {
    const straight = clean.indexOf(value.trim())
    const turned = clean.indexOf(key.trim())
    if (straight !== -1) renamed.set(straight, key.trim())
    else if (turned !== -1) renamed.set(turned, value.trim())
    else missing.push(value)
  }
  const taken = new Set(renamed.values())
  const nameOf = (index: number) => renamed.get(index) ?? toName(clean[index] ?? '', taken)
  const names = clean.map((_, index) => nameOf(index))
  const phone = names.indexOf('phone')
  if (missing.length > 0 || phone === -1) {
    return { kind: 'missing', names: missing.length > 0 ? missing : ['phone'] }
  }
  const customerId = names.indexOf('customer_id')
  return {
    kind: 'ok',
    columns: {
      phone,
      customerId: customerId === -1 ? undefined : customerId,
      data: names
        .slice(0, MAX_COLUMNS)
        .map((name, index) => ({ name, index }))
        .filter(({ name, index }) => index !== phone && index !== customerId && name !== '')
        .filter(({ name, index }) => names.indexOf(name) === index),
      width: headers.length,
    },
  }
}

/** A header that the map speaks of elsewhere is only itself. */
function toName(header: string, taken: ReadonlySet<string>): string {
  const known = knownColumn(header)
  if (known !== undefined && !taken.has(known)) return known
  return taken.has(header) ? '' : header
}
