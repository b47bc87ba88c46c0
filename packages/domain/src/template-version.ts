export interface TemplateVariant {
  variant: string
  content: string
  weight: number
  active: boolean
}

/** One version of a template: all its variants as they were at one time. */
export interface Template {
  code: string
  version: number
  name: string
  language: string
  /** Whose key made it; null for one that came with the gateway. */
  author: string | null
  createdAt: Date
  variants: readonly TemplateVariant[]
}
