import type { PreparationRules } from '@sms-gateway/acceptance/prepare-message'
import { toLinkMaker } from '@sms-gateway/acceptance/prepare-request'
import { prepareText } from '@sms-gateway/acceptance/prepare-text'
import type { LedgerEntry } from '@sms-gateway/db/campaign-loading'
import type { Vault } from '@sms-gateway/db/vault'
import type { CampaignContent } from '@sms-gateway/domain/campaign'
import type { TemplateInForce } from '@sms-gateway/domain/experiment'
import { parsePhone } from '@sms-gateway/domain/phone'
import { measureText } from '@sms-gateway/domain/segments'
import { listVariables, type TemplateData } from '@sms-gateway/domain/template'

/** A row as it came, whatever it came in. */
export interface SourceRow {
  row: number
  phone: string
  customerId: string | null
  data: TemplateData
}

export type CheckedRow =
  { kind: 'ok'; entry: LedgerEntry } | { kind: 'refused'; code: string; detail: string }

interface CheckOptions {
  content: CampaignContent
  template: TemplateInForce | undefined
  messageType: string
  rules: PreparationRules
  vault: Pick<Vault, 'hash' | 'mac'>
  now: Date
}

/**
 * Checks rows as their messages will be made: what passes here is refused later only where something has changed. Of the
 * values a row brings, only those that the template names are kept.
 */
export function createRecipientCheck(options: CheckOptions): (row: SourceRow) => CheckedRow {
  const { allowedCountries } = options.rules
  const measure = createMeasure(options)
  const names = namesOf(options.template)
  return (source) => {
    const phone = parsePhone(source.phone, allowedCountries)
    if (phone.kind === 'refused') return phone
    const data = pick(source.data, names)
    const measured = measure(phone.phone, data)
    if (measured.kind === 'refused') return measured
    const { row, customerId } = source
    return {
      kind: 'ok',
      entry: { row, phone: phone.phone, customerId, data, segments: measured.segments },
    }
  }
}

type Measured = { kind: 'ok'; segments: number } | { kind: 'refused'; code: string; detail: string }
type Phone = Parameters<typeof prepareText>[1]['phone']

function createMeasure({
  content,
  template,
  messageType,
  rules,
  vault,
  now,
}: CheckOptions): (phone: Phone, data: TemplateData) => Measured {
  const measure = (phone: Phone, data: TemplateData): Measured => {
    const asked =
      content.kind === 'text'
        ? { message: content.text }
        : { template_code: content.templateCode, template_data: data }
    const text = prepareText(
      { phone, message_type: messageType, ...asked },
      {
        phone,
        template,
        hash: vault.hash,
        ...toLinkMaker({ vault, rules }, phone, { messageType, now }),
      },
      rules,
    )
    return text.kind === 'ok' ? { kind: 'ok', segments: measureText(text.text).segments } : text
  }
  if (content.kind === 'template') return measure
  // The same text for everybody is measured once.
  let measured: Measured | undefined
  return (phone, data) => (measured ??= measure(phone, data))
}

function namesOf(template: TemplateInForce | undefined): readonly string[] {
  const contents = template?.variants.map(({ content }) => content) ?? []
  return [...new Set(contents.flatMap((content) => listVariables(content).all))]
}

function pick(data: TemplateData, names: readonly string[]): TemplateData {
  const kept: Record<string, string | number> = {}
  for (const name of names) {
    const value = Object.hasOwn(data, name) ? data[name] : undefined
    if (value !== undefined) kept[name] = value
  }
  return kept
}
