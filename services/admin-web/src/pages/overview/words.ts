import { defineWords } from '../../i18n/words.ts'

export const words = defineWords({
  'zh-Hant': {
    title: '總覽',
  },
  en: {
    title: 'Overview',
  },
})
