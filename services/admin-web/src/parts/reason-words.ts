import { defineWords } from '../i18n/words.ts'

/** The API's own sentences by their code; one that is not here is said as the API says it, in English. */
type Sentences = Readonly<Record<string, string>>

/** Of a text that may not arrive: docs/errors.md, "Warnings". */
export const warningWords = defineWords<Sentences>({
  'zh-Hant': {
    'identity-added': '內容沒有公司名稱，已自動加在最前面。',
    'identity-full-width': '公司名稱含全形字元：電信商只認半形。',
    'ten-digits': '有十位以上的連續數字：電信商可能攔阻。',
    'unregistered-link': '有未登記的網址：電信商可能攔阻。',
    'unregistered-number': '有未登記的電話號碼：電信商可能攔阻。',
    'text-empty': '內容是空的：無法傳送。',
    'text-too-long': '內容超過 10 則：無法傳送。',
    'media-not-sent': '簡訊不含媒體：media_urls 沒有傳送。',
    erased: '收訊人的資料已刪除：號碼、內容、metadata 與媒體都無法復原。',
  },
  en: {},
})

/** Of a row of a file that was not taken. */
export const rowWords = defineWords<Sentences>({
  'zh-Hant': {
    'phone-invalid': '不是手機號碼',
    'country-not-allowed': '不允許傳送到這個國家',
    'recipient-invalid': '資料格式錯誤',
    'row-invalid': '欄位的值不符格式',
    'row-malformed': '這一列的格式錯誤',
    'row-unreadable': '這一列無法讀取',
    'template-variables-missing': '缺少範本需要的值',
    'text-empty': '內容是空的',
    'text-too-long': '內容太長',
    'window-impossible': '傳送時段完全落在靜音時段',
  },
  en: {},
})
