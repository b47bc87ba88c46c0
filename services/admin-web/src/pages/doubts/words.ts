import type { ResolveAction } from '@sms-gateway/domain/resolve-by-hand'
import { defineWords } from '../../i18n/words.ts'
import type { NextOfDoubt } from './next-of-doubt.ts'

interface Choice {
  label: string
  text: string
  confirm: string
}

export const words = defineWords({
  'zh-Hant': {
    title: '結果存疑',
    description:
      '閘道不知道電信商是否收下了這些訊息。它不會自行重送，以免有人收到兩次：只有您可以決定。',
    states: { doubt: '存疑', unknown: '結果不明' },
    stateLabel: '顯示',
    stateHints: {
      doubt: '送出時沒有得到明確的答覆，閘道仍在等待或查詢。',
      unknown: '期限內沒有得到結果，已結束；若回報仍然送來，還是會更新。',
    },
    table: { doubt: '存疑的訊息', unknown: '結果不明的訊息' },
    message: '訊息',
    phone: '號碼',
    type: '類型',
    provider: '電信商',
    since: '開始時間',
    ago: (time: string) => `${time}前`,
    next: '接下來',
    actions: '動作',
    nexts: {
      'look-up': (at: string) => `${at} 再向電信商查詢`,
      'look-up-now': () => '即將向電信商查詢',
      hold: () => '這家電信商無法查詢：等待回報，逾期後列為結果不明',
      ended: () => '不會再有動作；遲來的回報仍會採計',
    } satisfies Record<NextOfDoubt['kind'], (at: string) => string>,
    checks: (n: string) => `已查詢 ${n} 次`,
    decide: '決定…',
    decideOf: (id: string) => `決定… 訊息 ${id}`,
    decideTitle: '這則訊息怎麼了？',
    decideIntro: (provider: string) =>
      `請先在 ${provider} 的主控台查詢，再做選擇。選擇會記入稽核紀錄，無法復原。`,
    choose: '選擇',
    choices: {
      doubt: {
        resend: {
          label: '再傳一次',
          text: '收訊人可能收到兩次，也可能付兩次費用。訊息會標示為「可能重複」。',
          confirm: '再傳一次',
        },
        sent: {
          label: '電信商已收下',
          text: '視為已送出。若電信商其實沒有收下，收訊人就永遠收不到，也不會再重送。',
          confirm: '列為已送出',
        },
        failed: {
          label: '電信商沒有收下',
          text: '列為失敗，之後可從「失敗」頁重送。若電信商其實收下了，重送會讓收訊人收到兩次。',
          confirm: '列為失敗',
        },
      },
      unknown: {
        resend: {
          label: '再傳一次',
          text: '以一則新訊息代替，這一則維持原狀。收訊人可能收到兩次，也可能付兩次費用。',
          confirm: '再傳一次',
        },
        sent: {
          label: '電信商已收下',
          text: '列為已送出，並繼續等待回報。若電信商其實沒有收下，收訊人就永遠收不到。',
          confirm: '列為已送出',
        },
        failed: {
          label: '沒有送達',
          text: '列為未送達。若收訊人其實收到了，統計就會不正確；之後重送會讓他收到兩次。',
          confirm: '列為未送達',
        },
      },
    } satisfies Record<'doubt' | 'unknown', Record<ResolveAction, Choice>>,
    done: '已照您的決定處理。',
    sentAgain: '已再傳一次。',
    openMessage: '開啟新訊息',
    empty: {
      doubt: '沒有存疑的訊息',
      unknown: '沒有結果不明的訊息',
    },
    emptyText: {
      doubt: '每一則送出的訊息都得到了明確的答覆。',
      unknown: '每一則訊息都在期限內得到了結果。',
    },
  },
  en: {
    title: 'In doubt',
    description:
      'Nobody knows whether a provider took these messages. The gateway does not send them again by itself, so that nobody gets one twice: you decide.',
    states: { doubt: 'In doubt', unknown: 'Unknown' },
    stateLabel: 'Show',
    stateHints: {
      doubt: 'Their submission got no clear answer; the gateway still waits, or asks.',
      unknown: 'No result came in time, so they have ended; one that still comes is taken.',
    },
    table: { doubt: 'Messages in doubt', unknown: 'Messages with an unknown end' },
    message: 'Message',
    phone: 'Number',
    type: 'Type',
    provider: 'Provider',
    since: 'Since',
    ago: (time) => `${time} ago`,
    next: 'What comes next',
    actions: 'Actions',
    nexts: {
      'look-up': (at) => `The provider is asked again at ${at}`,
      'look-up-now': () => 'The provider is asked any moment now',
      hold: () =>
        'This provider cannot be asked: it waits for a receipt, and is unknown if none comes in time',
      ended: () => 'Nothing by itself; a late receipt still counts',
    },
    checks: (n) => `asked ${n} times`,
    decide: 'Decide…',
    decideOf: (id) => `Decide… message ${id}`,
    decideTitle: 'What became of this message?',
    decideIntro: (provider) =>
      `Look it up in the console of ${provider} first. What you choose is written to the audit, and cannot be taken back.`,
    choose: 'What became of it',
    choices: {
      doubt: {
        resend: {
          label: 'Send it again',
          text: 'It may arrive twice, and be paid for twice. It is marked as a possible duplicate.',
          confirm: 'Send it again',
        },
        sent: {
          label: 'The provider took it',
          text: 'It counts as sent. If the provider did not take it, it never arrives and is never sent again.',
          confirm: 'Count it as sent',
        },
        failed: {
          label: 'The provider did not take it',
          text: 'It counts as failed, and can be sent again from the page of failed messages. If the provider did take it, it then arrives twice.',
          confirm: 'Count it as failed',
        },
      },
      unknown: {
        resend: {
          label: 'Send it again',
          text: 'A new message goes in its stead, and this one stays as it is. It may arrive twice, and be paid for twice.',
          confirm: 'Send it again',
        },
        sent: {
          label: 'The provider took it',
          text: 'It counts as sent, and waits for its receipt. If the provider did not take it, it never arrives.',
          confirm: 'Count it as sent',
        },
        failed: {
          label: 'It did not arrive',
          text: 'It counts as undelivered. If it did arrive, the figures are wrong, and sending it again makes it arrive twice.',
          confirm: 'Count it as undelivered',
        },
      },
    },
    done: 'It is as you said.',
    sentAgain: 'It was sent again.',
    openMessage: 'Open the new message',
    empty: { doubt: 'No message is in doubt', unknown: 'No message has an unknown end' },
    emptyText: {
      doubt: 'Every submission got a clear answer.',
      unknown: 'Every message got its result in time.',
    },
  },
})
