import { defineWords } from '../../i18n/words.ts'
import type { RangeName } from './history.ts'

export const historyWords = defineWords({
  'zh-Hant': {
    history: '健康紀錄',
    range: '期間',
    ranges: { hour: '1 小時', hours3: '3 小時', day: '1 天', week: '7 天' } satisfies Record<
      RangeName,
      string
    >,
    summary: (attempts: string, share: string, ms: string) =>
      `共 ${attempts} 次送出，收下 ${share}，平均 ${ms} 毫秒。`,
    noAttempts: '這段期間沒有送出。',
    outcomes: {
      accepted: '收下',
      refused: '拒絕',
      throttled: '限速',
      unreachable: '無法連線',
      in_doubt: '存疑',
      other: '其他',
    },
    events: '事件',
    noEvents: '這段期間沒有變化。',
    eventsOf: (name: string) => `${name} 的事件`,
    eventStates: {
      enabled: '啟用',
      disabled: '停用',
      closed: '正常',
      open: '中斷',
      half_open: '試探中',
    },
    byGateway: '閘道',
    byPerson: (name: string) => `由 ${name}`,
    moreEvents: (n: string) => `另有 ${n} 個較早的事件`,
  },
  en: {
    history: 'Health',
    range: 'Time',
    ranges: { hour: '1 hour', hours3: '3 hours', day: '1 day', week: '7 days' },
    summary: (attempts, share, ms) =>
      `${attempts} submissions, ${share} of them taken, answered in ${ms} ms on average.`,
    noAttempts: 'Nothing was submitted in this time.',
    outcomes: {
      accepted: 'Taken',
      refused: 'Refused',
      throttled: 'Throttled',
      unreachable: 'Unreachable',
      in_doubt: 'In doubt',
      other: 'Other',
    },
    events: 'Events',
    noEvents: 'Nothing changed in this time.',
    eventsOf: (name) => `Events of ${name}`,
    eventStates: {
      enabled: 'Switched on',
      disabled: 'Switched off',
      closed: 'In order',
      open: 'Interrupted',
      half_open: 'On trial',
    },
    byGateway: 'the gateway',
    byPerson: (name) => `by ${name}`,
    moreEvents: (n) => `${n} earlier events`,
  },
})
