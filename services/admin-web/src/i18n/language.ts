import { useSyncExternalStore } from 'react'

export const LANGUAGES = ['zh-Hant', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEY = 'sms-language'
const listeners = new Set<() => void>()
let current = readChoice() ?? guess(typeof navigator === 'undefined' ? [] : navigator.languages)

/** The first language of the browser that we speak; who reads no Chinese reads English. */
function guess(wanted: readonly string[]): Language {
  return wanted[0]?.toLowerCase().startsWith('zh') ? 'zh-Hant' : 'en'
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current)
}

export function switchLanguage(language: Language): void {
  current = language
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function readChoice(): Language | undefined {
  try {
    const stored = localStorage.getItem(KEY)
    return LANGUAGES.find((language) => language === stored)
  } catch {
    return undefined
  }
}
