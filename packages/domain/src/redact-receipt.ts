export interface ReceiptField {
  name: string
  /** Null where it is not for showing: a number, a text, an account, or a field that we do not know. */
  value: string | null
}

/** What a delivery receipt may show. Whatever a provider adds one day is hidden until somebody has looked at it. */
const SHOWN: ReadonlySet<string> = new Set([
  // Twilio
  'MessageSid',
  'SmsSid',
  'MessageStatus',
  'SmsStatus',
  'ErrorCode',
  'ErrorMessage',
  'RawDlrDoneDate',
  'ApiVersion',
  'ChannelStatusCode',
  // Chunghwa
  'messageid',
  'code',
  'done_time',
  'description',
])
const MAX_FIELDS = 40
const MAX_LENGTH = 200

/** The fields of a receipt as it came, a form or JSON, without what is about the person. */
export function redactReceipt(body: string): ReceiptField[] {
  return readEntries(body)
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => ({
      name: name.slice(0, MAX_LENGTH),
      value: SHOWN.has(name) ? value.slice(0, MAX_LENGTH) : null,
    }))
}

function readEntries(body: string): [string, string][] {
  const json = parseObject(body)
  if (!json) return [...new URLSearchParams(body)]
  return Object.entries(json).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
