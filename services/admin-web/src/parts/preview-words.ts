import { defineWords } from '../i18n/words.ts'

interface PreviewWords {
  empty: string
  missing: (names: string) => string
  missingText: string
  facts: (encoding: string, characters: string) => string
  segments: (n: string) => string
  cost: string
  ucs2: string
  ucs2Text: string
  more: (n: string) => string
  smartOn: (n: string) => string
  smartOff: (n: string) => string
}

export const previewWords = defineWords<PreviewWords>({
  'zh-Hant': {
    empty: '輸入內容後，這裡會顯示收訊人看到的文字。',
    missing: (names: string) => `缺少變數：${names}`,
    missingText: '沒有這些值，簡訊會被拒絕。請在上方填入，或用 {變數|替代文字}。',
    facts: (encoding: string, characters: string) => `${encoding} · ${characters} 字`,
    segments: (n: string) => `${n} 則計費`,
    cost: '每則訊息費用',
    ucs2: '使簡訊改用 UCS-2 的字元',
    ucs2Text: 'UCS-2 每則只有 70 字，GSM-7 有 160 字。',
    more: (n: string) => `另有 ${n} 個`,
    smartOn: (n: string) => `已自動替換排版字元，省下 ${n} 則。`,
    smartOff: (n: string) => `換成 GSM-7 的相近字元可省下 ${n} 則：`,
  },
  en: {
    empty: 'What the recipient reads is shown here as you type.',
    missing: (names) => `Values are missing: ${names}`,
    missingText: 'Without them the message is refused. Give them above, or use {variable|text}.',
    facts: (encoding, characters) => `${encoding} · ${characters} characters`,
    segments: (n) => (n === '1' ? '1 segment' : `${n} segments`),
    cost: 'Cost of a message',
    ucs2: 'Characters that force UCS-2',
    ucs2Text: 'A segment of UCS-2 has 70 characters, one of GSM-7 160.',
    more: (n) => `and ${n} more`,
    smartOn: (n) => `Typographic characters were replaced, which saves segments: ${n}.`,
    smartOff: (n) => `GSM-7 twins of these characters would save segments: ${n}.`,
  },
})
