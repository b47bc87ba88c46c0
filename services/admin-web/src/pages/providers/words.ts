import type { ProviderAction, ProviderResponse } from '@sms-gateway/contracts/providers'
import { defineWords } from '../../i18n/words.ts'

interface ActionWords {
  label: string
  title: (name: string) => string
  text: (name: string) => string
  confirm: (name: string) => string
  done: (name: string) => string
}

export const words = defineWords({
  'zh-Hant': {
    title: '電信商',
    description: '每家電信商的健康狀況、開關與上限；以及暫停整個閘道的開關。',
    reason: '原因（會記入稽核紀錄）',
    circuitHints: {
      closed: '訊息正常送往這裡。',
      open: '連續失敗，暫時不送往這裡；時間到了會先試探一則。',
      half_open: '正在試探一則，成功就恢復。',
    } satisfies Record<ProviderResponse['circuit']['state'], string>,
    switchedOffHint: '操作員停用了它：沒有新的訊息送往這裡。',
    circuit: '斷路器',
    failures: (n: string) => `連續失敗 ${n} 次`,
    openedAt: '中斷時間',
    probeAt: '下次試探',
    recent: (minutes: string) => `最近 ${minutes} 分鐘`,
    attempts: (n: string) => `${n} 次送出`,
    success: '收下率',
    latency: '回應時間',
    latencies: (mean: string, max: string) => `平均 ${mean}，最長 ${max} 毫秒`,
    balance: '餘額',
    asOf: (at: string) => `${at} 查詢`,
    limit: '上限',
    perSecond: (n: string) => `每秒 ${n} 則`,
    allPerMinute: (n: string) => `全部合計每分鐘 ${n} 則`,
    noLimit: '無',
    price: '每則價格（臺灣）',
    actions: {
      enable: {
        label: '啟用',
        title: (name: string) => `啟用 ${name}？`,
        text: (name: string) => `新的訊息會再送往 ${name}，依路由的順序。`,
        confirm: (name: string) => `啟用 ${name}`,
        done: (name: string) => `已啟用 ${name}。`,
      },
      disable: {
        label: '停用',
        title: (name: string) => `停用 ${name}？`,
        text: (name: string) =>
          `不再有新的訊息送往 ${name}；已送出的仍會完成，回報仍會處理。訊息改由其他電信商傳送；若沒有其他電信商，就會等待，直到逾期。`,
        confirm: (name: string) => `停用 ${name}`,
        done: (name: string) => `已停用 ${name}。`,
      },
      reset: {
        label: '重置斷路器',
        title: (name: string) => `重置 ${name} 的斷路器？`,
        text: (name: string) =>
          `立即恢復送往 ${name}，不經試探，失敗次數從零算起。若 ${name} 仍有問題，接下來的訊息會先在那裡失敗，再改由其他電信商傳送。`,
        confirm: (name: string) => `重置 ${name}`,
        done: (name: string) => `已重置 ${name} 的斷路器。`,
      },
    } satisfies Record<ProviderAction, ActionWords>,
    recentUse: (n: string, minutes: string) => `最近 ${minutes} 分鐘有 ${n} 則送往這裡。`,
    empty: '尚未設定任何電信商',
  },
  en: {
    title: 'Providers',
    description: 'How each provider does, its switch and its limits; and the lever that stops all.',
    reason: 'Reason (written to the audit)',
    circuitHints: {
      closed: 'Messages go there as usual.',
      open: 'It failed several times in a row, so nothing goes there for now; then one message tries.',
      half_open: 'One message tries; if it is taken, all go there again.',
    },
    switchedOffHint: 'An operator switched it off: no new message goes there.',
    circuit: 'Circuit',
    failures: (n) => `${n} failures in a row`,
    openedAt: 'Interrupted at',
    probeAt: 'Next trial',
    recent: (minutes) => `The last ${minutes} minutes`,
    attempts: (n) => `${n} submissions`,
    success: 'Taken',
    latency: 'Answers in',
    latencies: (mean, max) => `${mean} ms on average, ${max} ms at most`,
    balance: 'Balance',
    asOf: (at) => `as of ${at}`,
    limit: 'Limit',
    perSecond: (n) => `${n} a second`,
    allPerMinute: (n) => `all together ${n} a minute`,
    noLimit: 'none',
    price: 'A segment (Taiwan)',
    actions: {
      enable: {
        label: 'Switch on',
        title: (name) => `Switch ${name} on?`,
        text: (name) => `New messages go to ${name} again, in the order of the routes.`,
        confirm: (name) => `Switch ${name} on`,
        done: (name) => `${name} is switched on.`,
      },
      disable: {
        label: 'Switch off',
        title: (name) => `Switch ${name} off?`,
        text: (name) =>
          `No new message goes to ${name}; what is under way is finished, and its receipts are taken. Messages go to the other providers; without another they wait, until they expire.`,
        confirm: (name) => `Switch ${name} off`,
        done: (name) => `${name} is switched off.`,
      },
      reset: {
        label: 'Reset the circuit',
        title: (name) => `Reset the circuit of ${name}?`,
        text: (name) =>
          `Messages go to ${name} again at once, without a trial, and its failures are counted from zero. If it is still in trouble, the next ones fail there first and then go elsewhere.`,
        confirm: (name) => `Reset ${name}`,
        done: (name) => `The circuit of ${name} is reset.`,
      },
    },
    recentUse: (n, minutes) => `${n} submissions went there in the last ${minutes} minutes.`,
    empty: 'No provider is set up',
  },
})
