import type { Script } from './script.ts'
import type { NewTwilioMessage } from './twilio-messages.ts'

export type CreateForm =
  { kind: 'valid'; fields: NewTwilioMessage } | { kind: 'refused'; status: number; code: number }

const MAX_BODY_LENGTH = 1_600
const E164 = /^\+[1-9]\d{6,14}$/

/** Numbers that answer the same for every account of the simulator: providers.md, 4.7. */
const MAGIC_FROM: Readonly<Record<string, number>> = {
  '+15005550001': 21212,
  '+15005550007': 21606,
  '+15005550008': 21611,
}
const MAGIC_TO: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
}

/** @param ownNumbers what the account may send from; without it any number. */
export function readCreateForm(
  form: URLSearchParams,
  script: Script,
  ownNumbers: readonly string[] | undefined,
): CreateForm {
  const fields = {
    to: form.get('To') ?? '',
    from: form.get('From'),
    messagingServiceSid: form.get('MessagingServiceSid'),
    body: form.get('Body') ?? '',
    statusCallback: form.get('StatusCallback'),
  }
  const scripted = script.numbers[fields.to]
  if (scripted !== undefined) return { kind: 'refused', ...scripted }
  const code = findFault(fields, form.get('ValidityPeriod'), ownNumbers)
  if (code !== undefined) return { kind: 'refused', status: code === 21611 ? 429 : 400, code }
  return { kind: 'valid', fields }
}

function findFault(
  fields: NewTwilioMessage,
  validityPeriod: string | null,
  ownNumbers: readonly string[] | undefined,
): number | undefined {
  if (fields.to === '') return 21604
  return (
    findSenderFault(fields, ownNumbers) ??
    MAGIC_TO[fields.to] ??
    findTextFault(fields) ??
    (validityPeriod === null || isValidity(validityPeriod) ? undefined : 20001)
  )
}

function findSenderFault(
  { from, messagingServiceSid }: NewTwilioMessage,
  ownNumbers: readonly string[] | undefined,
): number | undefined {
  if (from === null) return messagingServiceSid === null ? 21603 : undefined
  return MAGIC_FROM[from] ?? (ownNumbers?.includes(from) === false ? 21606 : undefined)
}

function findTextFault({ to, body, statusCallback }: NewTwilioMessage): number | undefined {
  if (!E164.test(to)) return 21211
  if (body === '') return 21602
  if (body.length > MAX_BODY_LENGTH) return 21617
  return statusCallback === null || URL.canParse(statusCallback) ? undefined : 21609
}

function isValidity(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 36_000
}
