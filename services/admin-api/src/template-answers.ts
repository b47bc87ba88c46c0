import type { PreviewResponse, TextPreviewResponse } from '@sms-gateway/contracts/template-preview'
import type { TemplateDiffResponse, TemplateResponse } from '@sms-gateway/contracts/templates'
import { diffTemplates } from '@sms-gateway/domain/change-template'
import { CURRENCY, toDecimal } from '@sms-gateway/domain/money'
import type { TextPreview } from '@sms-gateway/domain/preview-text'
import { ProviderName } from '@sms-gateway/domain/provider'
import { listVariables } from '@sms-gateway/domain/template'
import type { Template } from '@sms-gateway/domain/template-version'
import type { PreviewResult, VariantPreview } from './preview-template.ts'

export function toTemplateResponse(template: Template): TemplateResponse {
  const { code, version, name, language, author, createdAt, variants } = template
  return {
    code,
    version,
    name,
    language,
    author,
    created_at: createdAt.toISOString(),
    variants: variants.map(({ variant, content, weight, active }) => {
      const { all, required } = listVariables(content)
      return { variant, content, weight, active, variables: all, required_variables: required }
    }),
  }
}

export function toDiffResponse(before: Template, after: Template): TemplateDiffResponse {
  return {
    code: after.code,
    from: before.version,
    to: after.version,
    changes: diffTemplates(before, after),
  }
}

export function toPreviewResponse(
  code: string,
  { version, variant, preview, others }: Extract<PreviewResult, { kind: 'ok' }>,
): PreviewResponse {
  return { code, version, variant, ...toTextPreview(preview), others: others.map(toOther) }
}

function toOther(other: VariantPreview): PreviewResponse['others'][number] {
  const { variant } = other
  return other.kind === 'ok'
    ? { variant, missing: [], preview: toTextPreview(other.preview) }
    : { variant, missing: [...other.names], preview: null }
}

function toTextPreview(preview: TextPreview): TextPreviewResponse {
  return {
    message: preview.text,
    encoding: preview.encoding,
    segments: preview.segments,
    ucs2_characters: [...preview.ucs2Characters],
    cost: ProviderName.options.map((provider) => ({
      provider,
      amount: toDecimal(preview.costMilli[provider]),
      currency: CURRENCY,
    })),
    warnings: preview.warnings.map(({ code, detail }) => ({ code, detail })),
    smart_encoding: preview.smartEncoding && toSmartEncoding(preview.smartEncoding),
  }
}

function toSmartEncoding({
  applied,
  text,
  segments,
  savedSegments,
  replaced,
}: NonNullable<TextPreview['smartEncoding']>): TextPreviewResponse['smart_encoding'] {
  return {
    applied,
    message: text,
    segments,
    saved_segments: savedSegments,
    replaced: replaced.map(({ from, to }) => ({ from, to })),
  }
}
