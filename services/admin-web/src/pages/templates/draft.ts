import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { listVariables } from '@sms-gateway/domain/template'

export interface DraftVariant {
  variant: string
  content: string
  weight: number
  active: boolean
}

/** A template as somebody types it. */
export interface Draft {
  /** That it came of; 0 for one that there is not yet. */
  version: number
  name: string
  language: string
  variants: readonly DraftVariant[]
}

export const NEW_DRAFT: Draft = {
  version: 0,
  name: '',
  language: 'zh-TW',
  variants: [{ variant: 'A', content: '', weight: 100, active: true }],
}

export function toDraft({ version, name, language, variants }: TemplateResponse): Draft {
  return {
    version,
    name,
    language,
    variants: variants.map(({ variant, content, weight, active }) => ({
      variant,
      content,
      weight,
      active,
    })),
  }
}

export function isSame(a: Draft, b: Draft): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What a test or a message could choose. */
export function isSendable({ weight, active }: Pick<DraftVariant, 'weight' | 'active'>): boolean {
  return active && weight > 0
}

/** The part of people that gets a variant; 0 for one that nobody gets. */
export function shareOf(
  variant: Pick<DraftVariant, 'weight' | 'active'>,
  all: readonly Pick<DraftVariant, 'weight' | 'active'>[],
): number {
  if (!isSendable(variant)) return 0
  return variant.weight / all.filter(isSendable).reduce((sum, { weight }) => sum + weight, 0)
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')

/** One more variant, under the first letter that is free, with the text of the last to begin from. */
export function addVariant(draft: Draft): Draft {
  const taken = new Set(draft.variants.map(({ variant }) => variant))
  const variant = LETTERS.find((letter) => !taken.has(letter)) ?? `V${taken.size + 1}`
  const content = draft.variants.at(-1)?.content ?? ''
  return {
    ...draft,
    variants: [...draft.variants, { variant, content, weight: 100, active: true }],
  }
}

export function changeVariantAt(draft: Draft, index: number, change: Partial<DraftVariant>): Draft {
  const variants = draft.variants.map((each, at) => (at === index ? { ...each, ...change } : each))
  return { ...draft, variants }
}

export function removeVariantAt(draft: Draft, index: number): Draft {
  return { ...draft, variants: draft.variants.filter((_, at) => at !== index) }
}

/** Of all texts, each once. */
export function variablesOf({ variants }: Draft): string[] {
  return [...new Set(variants.flatMap(({ content }) => listVariables(content).all))]
}

/** Words in a variable's name, and what could stand there. */
const EXAMPLES: readonly (readonly [RegExp, string])[] = [
  [/link|url/, 'https://luckygas.tw/a1'],
  [/amount|price|total|fee|金額/, '1280'],
  [/date|day|日期/, '11/30'],
  [/time|eta|hour|時間/, '14:30'],
  [/code|otp|pin|驗證/, '483920'],
  [/phone|mobile|電話/, '0912345678'],
  [/order|編號/, 'A1024'],
  [/name|customer|姓名/, '王小明'],
  [/qty|quantity|count|number|數量/, '2'],
]

/** A value that is likely for a variable of this name. */
export function exampleOf(variable: string): string {
  const name = variable.toLowerCase()
  return EXAMPLES.find(([pattern]) => pattern.test(name))?.[1] ?? variable
}
