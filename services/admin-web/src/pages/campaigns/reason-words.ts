import { defineWords } from '../../i18n/words.ts'

/** All by code; one that is not here is said as the API says it. */
interface ReasonWords {
  reasonTitle: Record<string, string>
  /** Where the API's sentence has no figures, it is not needed. */
  reasonText: Record<string, string>
  whatToDo: Record<string, string>
}

export const reasonWords = defineWords<ReasonWords>({
  'zh-Hant': {
    reasonTitle: {
      'failure-rate': '失敗太多，已自動停止',
      'opt-out-rate': '退訂太多，已自動停止',
      'budget-exhausted': '預算用完，已自動停止',
      missed: '錯過了預定的時間',
    },
    reasonText: {
      'budget-exhausted': '當日或當月的預算不足以傳送下一則：請看「統計與費用」的預算。',
      missed: '已超過預定的時間太久。',
    },
    whatToDo: {
      'failure-rate':
        '請查看失敗的訊息與電信商狀態。排除原因後按「繼續」，之後只看新的結果；若名單有問題請取消。',
      'opt-out-rate': '請檢查內容與名單是否合適。要繼續請按「繼續」，否則取消。',
      'budget-exhausted': '請提高預算或等到下一個週期，再按「繼續」。',
      missed: '閘道當時停機太久。要傳送請另建活動，或等下一次。',
    },
  },
  en: {
    reasonTitle: {
      'failure-rate': 'Halted: too many failed',
      'opt-out-rate': 'Halted: too many opted out',
      'budget-exhausted': 'Halted: a budget is used up',
      missed: 'Its time was missed',
    },
    reasonText: {},
    whatToDo: {
      'failure-rate':
        'Look at the failed messages and the providers. Once that is mended, resume: it is judged by what follows. Cancel it if the list is bad.',
      'opt-out-rate': 'See whether text and list fit together. Resume to go on, or cancel.',
      'budget-exhausted': 'Raise the budget or wait for its next period, then resume.',
      missed:
        'The gateway was down for too long. Make another campaign, or wait for the next time.',
    },
  },
})
