import { defineWords } from '../../i18n/words.ts'

export const words = defineWords({
  'zh-Hant': {
    title: '登入',
    intro: '以 API 金鑰登入。金鑰只用來換取此瀏覽器的登入狀態，不會儲存在頁面裡。',
    apiKey: 'API 金鑰',
    hint: '以 sk_ 開頭；本機執行時由 npm start 印出。',
    signIn: '登入',
    oidc: '以公司帳號登入',
    or: '或',
    refused: '金鑰無效或已撤銷：請檢查後再試。',
  },
  en: {
    title: 'Sign in',
    intro:
      'With an API key. It is exchanged for a session of this browser, and the page does not keep it.',
    apiKey: 'API key',
    hint: 'It begins with sk_; on your own machine npm start prints it.',
    signIn: 'Sign in',
    oidc: 'Sign in with your company account',
    or: 'or',
    refused: 'The key is not valid, or was revoked: check it and try again.',
  },
})
