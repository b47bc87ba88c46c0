import type { MessageStatus } from '@sms-gateway/domain/message-status'
import { defineWords } from '../i18n/words.ts'

/** Every status as people call it; also for filters. */
export const statusWords = defineWords<Record<MessageStatus, string>>({
  'zh-Hant': {
    accepted: '已受理',
    scheduled: '已排程',
    held: '暫緩',
    queued: '排隊中',
    sending: '傳送中',
    sent: '已送出',
    delivered: '已送達',
    undelivered: '未送達',
    failed: '失敗',
    cancelled: '已取消',
    expired: '已逾時',
    suppressed: '已攔阻',
    unknown: '結果不明',
  },
  en: {
    accepted: 'Accepted',
    scheduled: 'Scheduled',
    held: 'Held',
    queued: 'Queued',
    sending: 'Sending',
    sent: 'Sent',
    delivered: 'Delivered',
    undelivered: 'Undelivered',
    failed: 'Failed',
    cancelled: 'Cancelled',
    expired: 'Expired',
    suppressed: 'Suppressed',
    unknown: 'Unknown',
  },
})
