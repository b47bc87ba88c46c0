import type { PreviewRequest } from '@sms-gateway/contracts/template-preview'
import type { Db } from '@sms-gateway/db/connect'
import { listPrices } from '@sms-gateway/db/prices'
import { findTemplate, findTemplateVersion } from '@sms-gateway/db/templates'
import {
  type PreviewPrices,
  type PreviewRules,
  previewText,
  type TextPreview,
} from '@sms-gateway/domain/preview-text'
import { renderTemplate, type TemplateData } from '@sms-gateway/domain/template'
import type { TemplateVariant } from '@sms-gateway/domain/template-version'

export type VariantPreview =
  | { kind: 'ok'; variant: string; preview: TextPreview }
  | { kind: 'missing'; variant: string; names: readonly string[] }

export type PreviewResult =
  | {
      kind: 'ok'
      /** Null, and the variant too, for a text that is not stored. */
      version: number | null
      variant: string | null
      preview: TextPreview
      others: readonly VariantPreview[]
    }
  | { kind: 'missing'; names: readonly string[] }
  | { kind: 'not-found' }

/** A template is not yet for anybody: it is priced where most of them go. */
const HOME_COUNTRY = 'TW'

/** The variant that is asked for; without one the variant that most people get, with the others beside it. */
export async function previewTemplate(
  db: Db,
  code: string,
  { template_data: data, content, variant, version }: PreviewRequest,
  rules: PreviewRules,
): Promise<PreviewResult> {
  const prices = { prices: await listPrices(db), country: HOME_COUNTRY, at: new Date() }
  if (content !== undefined) {
    const draft = previewVariant({ variant: '', content }, data, rules, prices)
    return draft.kind === 'missing' ? draft : { ...draft, ...NOT_STORED }
  }
  const template =
    version === undefined
      ? await findTemplate(db, code)
      : await findTemplateVersion(db, code, version)
  const chosen = template && pick(template.variants, variant)
  if (!template || !chosen) return { kind: 'not-found' }
  const main = previewVariant(chosen, data, rules, prices)
  if (main.kind === 'missing') return main
  const others = variant === undefined ? template.variants.filter((each) => each !== chosen) : []
  return {
    ...main,
    version: template.version,
    others: others.map((each) => previewVariant(each, data, rules, prices)),
  }
}

const NOT_STORED = { version: null, variant: null, others: [] }

function previewVariant(
  { variant, content }: Pick<TemplateVariant, 'variant' | 'content'>,
  data: TemplateData,
  rules: PreviewRules,
  prices: PreviewPrices,
): VariantPreview {
  const rendering = renderTemplate(content, data)
  return rendering.kind === 'missing'
    ? { ...rendering, variant }
    : { kind: 'ok', variant, preview: previewText(rendering.text, rules, prices) }
}

function pick(
  variants: readonly TemplateVariant[],
  name: string | undefined,
): TemplateVariant | undefined {
  if (name !== undefined) return variants.find(({ variant }) => variant === name)
  return [...variants].sort((a, b) => Number(b.active) - Number(a.active) || b.weight - a.weight)[0]
}
