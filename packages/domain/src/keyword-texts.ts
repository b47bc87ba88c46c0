import type { Keyword, WordLanguage } from './keywords.ts'

type TextOf = (companyName: string) => string

/** What a word is answered with, in its language; the sender identity is put before it as before every text. */
export const KEYWORD_TEXTS: Readonly<Record<Keyword, Readonly<Record<WordLanguage, TextOf>>>> = {
  stop: {
    zh: () => '您已退訂，我們不會再傳送簡訊給您。如要重新接收，請回覆「恢復」。',
    en: () => 'You are unsubscribed and will get no more messages. Reply START to get them again.',
  },
  start: {
    zh: () => '您已恢復接收簡訊。如不想再收到，請回覆「退訂」。',
    en: () => 'You will get our messages again. Reply STOP to unsubscribe.',
  },
  help: {
    zh: (company) => `這是${company}的簡訊服務。回覆「退訂」停止接收，回覆「恢復」重新接收。`,
    en: (company) =>
      `Messages from ${company}. Reply STOP to unsubscribe, START to get them again.`,
  },
}
