import { type Language, useLanguage } from './language.ts'

export type Words<T> = Readonly<Record<Language, T>>

/**
 * The words of a page in both languages. They have one type, that of the Chinese: a word that is missing or
 * too many in English is a type error. What holds a value is a function: `found: (n: number) => ...`.
 */
export function defineWords<T extends object>(words: { 'zh-Hant': T; en: NoInfer<T> }): Words<T> {
  return words
}

export function useWords<T>(words: Words<T>): T {
  return words[useLanguage()]
}
