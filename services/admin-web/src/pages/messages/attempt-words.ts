import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import { defineWords } from '../../i18n/words.ts'

type AttemptState = MessageAttemptsResponse['attempts'][number]['state']

export const attemptWords = defineWords({
  'zh-Hant': {
    noAttempts: '尚未交給任何電信商。',
    attempt: (n: string) => `第 ${n} 次`,
    took: (duration: string) => `耗時 ${duration}`,
    states: {
      open: '等待回應',
      accepted: '已接受',
      partial: '部分接受',
      refused: '拒收',
      throttled: '流量受限',
      unreachable: '無法連線',
      unsent: '未送出',
      in_doubt: '結果存疑',
      absent: '查無此訊息',
    } satisfies Record<AttemptState, string>,
    why: '為何選擇這家',
    whyPlan: (reason: string) => `智慧路由：${reason}`,
    whyOrder: '依設定的順序',
    whyAfter: (provider: string, state: string) => `前一次 ${provider} ${state}`,
    whyOutage: (provider: string, reason: string) => `當時未使用 ${provider}：${reason}`,
    nextCheck: (time: string) => `${time} 向電信商查詢結果`,
  },
  en: {
    noAttempts: 'It has not been handed to a provider.',
    attempt: (n) => `Attempt ${n}`,
    took: (duration) => `took ${duration}`,
    states: {
      open: 'No answer yet',
      accepted: 'Accepted',
      partial: 'Accepted in part',
      refused: 'Refused',
      throttled: 'Too many at once',
      unreachable: 'Not reachable',
      unsent: 'Not sent',
      in_doubt: 'In doubt',
      absent: 'Not known there',
    },
    why: 'Why this provider',
    whyPlan: (reason) => `Smart routing: ${reason}`,
    whyOrder: 'By the order that is set',
    whyAfter: (provider, state) => `after ${provider}: ${state.toLowerCase()}`,
    whyOutage: (provider, reason) => `${provider} was not used: ${reason}`,
    nextCheck: (time) => `the provider is asked at ${time}`,
  },
})
