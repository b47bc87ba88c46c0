import type { Template, TemplateVariant } from './template-version.ts'

export interface TemplateDraft {
  name: string
  language: string
  variants: readonly TemplateVariant[]
}

export type TemplateChange =
  | { kind: 'ok'; draft: TemplateDraft }
  | { kind: 'variant-exists' }
  | { kind: 'variant-not-found' }
  | { kind: 'version-passed' }

export interface NewVariant extends TemplateVariant {
  name: string
  language?: string | undefined
}

const DEFAULT_LANGUAGE = 'zh-TW'

/** A new template, or one more variant of it: the name and the language are the template's, the newest given count. */
export function addVariant(
  current: Template | undefined,
  { name, language = current?.language ?? DEFAULT_LANGUAGE, ...variant }: NewVariant,
): TemplateChange {
  const variants = current?.variants ?? []
  if (variants.some((each) => each.variant === variant.variant)) return { kind: 'variant-exists' }
  return { kind: 'ok', draft: { name, language, variants: [...variants, variant] } }
}

export interface VariantChange {
  variant: string
  name?: string | undefined
  content?: string | undefined
  weight?: number | undefined
  active?: boolean | undefined
}

export function changeVariant(current: Template, change: VariantChange): TemplateChange {
  const { variant, name = current.name, content, weight, active } = change
  if (!current.variants.some((each) => each.variant === variant)) {
    return { kind: 'variant-not-found' }
  }
  const variants = current.variants.map((each) =>
    each.variant === variant
      ? {
          ...each,
          content: content ?? each.content,
          weight: weight ?? each.weight,
          active: active ?? each.active,
        }
      : each,
  )
  return { kind: 'ok', draft: { name, language: current.language, variants } }
}

/** All of it at once; `version` is the one that it came of, 0 for none. */
export function replaceVariants(
  current: Template | undefined,
  { version, ...draft }: TemplateDraft & { version: number },
): TemplateChange {
  return (current?.version ?? 0) === version ? { kind: 'ok', draft } : { kind: 'version-passed' }
}

const WHOLE_WEIGHT = 100

/** One variant gets all people; the others stay, with no weight. */
export function promoteVariant(current: Template, variant: string): TemplateChange {
  const { name, language, variants } = current
  if (!variants.some((each) => each.variant === variant)) return { kind: 'variant-not-found' }
  const promoted = variants.map((each) =>
    each.variant === variant
      ? { ...each, weight: WHOLE_WEIGHT, active: true }
      : { ...each, weight: 0 },
  )
  return { kind: 'ok', draft: { name, language, variants: promoted } }
}

export interface FieldChange {
  variant: string | null
  field: string
  before: string | number | boolean | null
  after: string | number | boolean | null
}

/** What differs from one version to another, field by field. */
export function diffTemplates(before: Template, after: Template): FieldChange[] {
  const names = new Set([...before.variants, ...after.variants].map(({ variant }) => variant))
  const ofVariants = [...names].sort().flatMap((variant) =>
    diffFields(
      variant,
      ['content', 'weight', 'active'],
      before.variants.find((each) => each.variant === variant),
      after.variants.find((each) => each.variant === variant),
    ),
  )
  return [...diffFields(null, ['name', 'language'], before, after), ...ofVariants]
}

function diffFields<F extends string>(
  variant: string | null,
  fields: readonly F[],
  before: Readonly<Record<F, string | number | boolean>> | undefined,
  after: Readonly<Record<F, string | number | boolean>> | undefined,
): FieldChange[] {
  return fields
    .map((field) => ({
      variant,
      field,
      before: before?.[field] ?? null,
      after: after?.[field] ?? null,
    }))
    .filter((change) => change.before !== change.after)
}
