import type { GatewayResponse } from '@sms-gateway/contracts/gateway'
import { defineWords } from '../../i18n/words.ts'

export const gatewayWords = defineWords({
  'zh-Hant': {
    gateway: '閘道',
    gatewayStates: { running: '傳送中', paused: '已暫停' } satisfies Record<
      GatewayResponse['state'],
      string
    >,
    since: (at: string) => `自 ${at}`,
    waiting: (n: string) => `目前有 ${n} 則訊息在等待。`,
    pause: '暫停閘道',
    pauseTitle: '暫停整個閘道？',
    pauseText:
      '新的訊息仍會受理，但沒有任何訊息會送出，包括驗證碼，直到有人恢復。進行中的會完成。等待期間逾期的會列為逾時。',
    pauseConfirm: '暫停所有傳送',
    paused: '閘道已暫停。',
    resume: '恢復傳送',
    resumeTitle: '恢復傳送？',
    resumeText: '等待中的訊息會依優先順序與各項限制陸續送出。',
    resumeConfirm: '恢復傳送',
    resumed: '閘道已恢復傳送。',
    restored: (at: string) => `這是從 ${at} 的備份還原的：當時在等待的訊息，之後可能已經送出過。`,
    held: '當時在等待的訊息',
    helds: {
      end: '列為結果不明，不再傳送（較安全）',
      send: '仍然送出：有人可能收到兩次',
    },
    reasonRequired: '原因（必填，會記入稽核紀錄）',
  },
  en: {
    gateway: 'Gateway',
    gatewayStates: { running: 'Sending', paused: 'Paused' },
    since: (at) => `since ${at}`,
    waiting: (n) => `${n} messages wait now.`,
    pause: 'Pause the gateway',
    pauseTitle: 'Pause the whole gateway?',
    pauseText:
      'New messages are still accepted, but none leaves, one-time passwords among them, until somebody resumes. What is under way is finished. What runs out of time meanwhile expires.',
    pauseConfirm: 'Stop all sending',
    paused: 'The gateway is paused.',
    resume: 'Resume sending',
    resumeTitle: 'Resume sending?',
    resumeText: 'What waits goes out by its priority, within every limit.',
    resumeConfirm: 'Resume sending',
    resumed: 'The gateway sends again.',
    restored: (at) =>
      `It was restored from a back-up of ${at}: what waited then may have been sent since.`,
    held: 'Messages that waited then',
    helds: {
      end: 'End them as unknown, send none (the safer way)',
      send: 'Send them after all: somebody may get one twice',
    },
    reasonRequired: 'Reason (needed; written to the audit)',
  },
})
