import { knownColumn } from '@sms-gateway/domain/known-columns'

/** Which header each of our fields is read from; null for none. */
export type Mapping = Readonly<Record<string, string | null>>

export const PHONE = 'phone'
export const CUSTOMER = 'customer_id'

function plain(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '')
}

/** How spreadsheets in Taiwan call what templates call this. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  name: ['姓名', '名字', '客戶姓名', '客戶名稱'],
  order_id: ['訂單', '訂單編號', '單號'],
  amount: ['金額', '應付金額'],
  eta: ['時間', '送達時間', '預計時間'],
}

/** What a file most likely means: by the names that the gateway knows, and by those of the template's values. */
export function guessMapping(headers: readonly string[], variables: readonly string[]): Mapping {
  const find = (field: string) =>
    headers.find((header) => header === field) ??
    headers.find((header) => knownColumn(header) === field) ??
    headers.find((header) => plain(header) === plain(field)) ??
    headers.find((header) => SYNONYMS[field]?.includes(header)) ??
    null
  const fields = [
    PHONE,
    CUSTOMER,
    ...variables.filter((name) => name !== PHONE && name !== CUSTOMER),
  ]
  return Object.fromEntries(fields.map((field) => [field, find(field)]))
}

/** A choice stays while its column is there; what was not chosen is guessed. */
export function keepChoices(guess: Mapping, chosen: Mapping, headers: readonly string[]): Mapping {
  const entries = Object.entries(guess).map(([field, header]): [string, string | null] => {
    const choice = chosen[field]
    const isKept = choice === null || (choice !== undefined && headers.includes(choice))
    return [field, isKept ? (choice ?? null) : header]
  })
  return Object.fromEntries(entries)
}

/** `column_map` of the upload. */
export function toColumnMap(mapping: Mapping): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mapping).flatMap(([field, header]) =>
      header === null ? [] : [[field, header]],
    ),
  )
}

/** The values of a row for a template, by its variables. */
export function valuesOf(
  headers: readonly string[],
  row: readonly string[],
  mapping: Mapping,
): Record<string, string> {
  const entries = Object.entries(toColumnMap(mapping)).map(([field, header]): [string, string] => [
    field,
    row[headers.indexOf(header)] ?? '',
  ])
  return Object.fromEntries(entries)
}
