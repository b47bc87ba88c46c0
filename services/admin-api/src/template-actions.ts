import type {
  ChangeTemplateRequest,
  CreateTemplateRequest,
  PreviewRequest,
} from '@sms-gateway/contracts/templates'
import type { Db } from '@sms-gateway/db/connect'
import { changeTemplate, findTemplate, findTemplateVersion } from '@sms-gateway/db/templates'
import { addVariant, changeVariant, type TemplateChange } from '@sms-gateway/domain/change-template'
import { type PreviewRules, previewText, type TextPreview } from '@sms-gateway/domain/preview-text'
import { renderTemplate } from '@sms-gateway/domain/template'
import type { Template, TemplateVariant } from '@sms-gateway/domain/template-version'

export type TemplateResult =
  { kind: 'ok'; template: Template } | { kind: 'not-found' } | { kind: 'variant-exists' }

/** A new template, or one more variant of it: either way a new version. */
export async function createVariant(
  db: Db,
  { code, ...variant }: CreateTemplateRequest,
  author: string,
): Promise<TemplateResult> {
  return change(db, { code, author }, (current) => addVariant(current, variant))
}

export async function updateVariant(
  db: Db,
  code: string,
  request: ChangeTemplateRequest,
  author: string,
): Promise<TemplateResult> {
  return change(db, { code, author }, (current) =>
    current ? changeVariant(current, request) : { kind: 'variant-not-found' },
  )
}

/** A new version that reads as an old one: what was sent meanwhile keeps its own. */
export async function rollBack(
  db: Db,
  code: string,
  version: number,
  author: string,
): Promise<TemplateResult> {
  const old = await findTemplateVersion(db, code, version)
  return change(db, { code, author }, (current) =>
    current && old ? { kind: 'ok', draft: old } : { kind: 'variant-not-found' },
  )
}

async function change(
  db: Db,
  who: { code: string; author: string },
  decide: (current: Template | undefined) => TemplateChange,
): Promise<TemplateResult> {
  let refusal: Exclude<TemplateChange, { kind: 'ok' }> | undefined
  const template = await changeTemplate(db, who, (current) => {
    const decision = decide(current)
    if (decision.kind === 'ok') return decision.draft
    refusal = decision
    return undefined
  })
  if (template) return { kind: 'ok', template }
  return refusal?.kind === 'variant-exists' ? refusal : { kind: 'not-found' }
}

export type PreviewResult =
  | { kind: 'ok'; template: Template; variant: string; preview: TextPreview }
  | { kind: 'missing'; names: readonly string[] }
  | { kind: 'not-found' }

export async function previewTemplate(
  db: Db,
  code: string,
  { template_data: data, variant, version }: PreviewRequest,
  rules: PreviewRules,
): Promise<PreviewResult> {
  const template =
    version === undefined
      ? await findTemplate(db, code)
      : await findTemplateVersion(db, code, version)
  const chosen = template && pick(template.variants, variant)
  if (!template || !chosen) return { kind: 'not-found' }
  const rendering = renderTemplate(chosen.content, data)
  if (rendering.kind === 'missing') return rendering
  const preview = previewText(rendering.text, rules)
  return { kind: 'ok', template, variant: chosen.variant, preview }
}

/** The one that is asked for, else the one that most people get. */
function pick(
  variants: readonly TemplateVariant[],
  name: string | undefined,
): TemplateVariant | undefined {
  if (name !== undefined) return variants.find(({ variant }) => variant === name)
  return [...variants].sort((a, b) => Number(b.active) - Number(a.active) || b.weight - a.weight)[0]
}
