import { defineWords } from '../../i18n/words.ts'

export const words = defineWords({
  'zh-Hant': {
    title: '個資權利',
    intro: '當事人要求查詢、取得或刪除自己的資料時，在這裡處理。每次查詢與刪除都會記入稽核紀錄。',
    phone: '手機號碼',
    phoneHint: '例如 0912345678',
    find: '查詢',
    held: '目前持有的資料',
    nothing: '沒有這個號碼的資料',
    nothingText: '閘道裡沒有與這個號碼有關的訊息、同意或來訊。',
    kinds: {
      messages: '訊息',
      inbound: '來訊',
      campaigns: '活動名單',
      consents: '同意',
      opt_outs: '退訂',
      audit: '稽核紀錄',
    },
    download: '下載全部資料（JSON）',
    erase: '刪除這個人的資料',
    eraseTitle: '永久刪除？',
    eraseText: (messages: string) =>
      `這個號碼的 ${messages} 則訊息、來訊、名單與同意都會永久刪除，尚未送出的訊息會取消。退訂仍會保留（只留雜湊）。此動作無法復原。`,
    eraseConfirm: '永久刪除',
    erased: '已刪除',
    erasing: '刪除中',
    erasedText: (messages: string, inbound: string, cancelled: string) =>
      `${messages} 則訊息、${inbound} 則來訊；其中 ${cancelled} 則未送出而取消。`,
    proof: '證明編號',
    at: '時間',
    earlier: '先前的刪除',
  },
  en: {
    title: 'Privacy',
    intro:
      'Where people ask for their data, or that it be erased. Each export and erasure is written to the audit.',
    phone: 'Mobile number',
    phoneHint: 'such as 0912345678',
    find: 'Find',
    held: 'What is held',
    nothing: 'Nothing is held of this number',
    nothingText: 'There is no message, consent or inbound text of this number in the gateway.',
    kinds: {
      messages: 'messages',
      inbound: 'inbound texts',
      campaigns: 'campaign rows',
      consents: 'consents',
      opt_outs: 'opt-outs',
      audit: 'audit entries',
    },
    download: 'Download all of it (JSON)',
    erase: "Erase this person's data",
    eraseTitle: 'Erase for good?',
    eraseText: (messages) =>
      `The ${messages} messages of this number, its inbound texts, campaign rows and consents are erased for good, and what was not sent yet is cancelled. Opt-outs stay, as hashes alone. This cannot be undone.`,
    eraseConfirm: 'Erase for good',
    erased: 'Erased',
    erasing: 'Being erased',
    erasedText: (messages, inbound, cancelled) =>
      `${messages} messages and ${inbound} inbound texts; ${cancelled} were not sent and are cancelled.`,
    proof: 'Proof',
    at: 'Time',
    earlier: 'Earlier erasures',
  },
})
