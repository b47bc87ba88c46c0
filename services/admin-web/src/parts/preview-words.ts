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
  /** By code; one that is not here is said as the API says it. */
  warning: Record<string, string>
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
    warning: {
      'identity-added': '內容沒有公司名稱，已自動加在最前面。',
      'identity-full-width': '公司名稱含全形字元：電信商只認半形。',
      'ten-digits': '有十位以上的連續數字：電信商可能攔阻。',
      'unregistered-link': '有未登記的網址：電信商可能攔阻。',
      'unregistered-number': '有未登記的電話號碼：電信商可能攔阻。',
      'text-empty': '內容是空的：無法傳送。',
      'text-too-long': '內容超過 10 則：無法傳送。',
    },
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
    warning: {},
  },
})
