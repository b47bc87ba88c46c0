import { defineWords } from '../../i18n/words.ts'

export const scheduleWords = defineWords({
  'zh-Hant': {
    change: '更改時間',
    changeOf: (name: string) => `更改「${name}」的時間`,
    draft: '草稿要按「開始傳送」之後，才會在這個時間開始。',
    start: '開始',
    needed: '請填寫。',
    changed: '時間已更改',
  },
  en: {
    change: 'Change the time',
    changeOf: (name) => `Change the time of “${name}”`,
    draft: 'A draft begins at this time only once it is started.',
    start: 'Begins',
    needed: 'Please fill this in.',
    changed: 'The time is changed',
  },
})
