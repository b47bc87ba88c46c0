import { defineWords } from '../../i18n/words.ts'

interface DetailWords {
  progress: string
  done: (percent: string) => string
  rate: (n: string) => string
  left: (time: string) => string
  canary: string
  counts: string
  recipients: string
  handed: string
  pending: string
  suppressed: string
  suppressedNote: string
  rejected: string
  duplicates: string
  byStatus: string
  noMessages: string
  estimate: string
  people: string
  segments: string
  cost: (provider: string) => string
  held: string
  heldNote: string
  startsAt: string
  endsAt: string
  lasts: string
  limitedBy: (limit: string) => string
  unlimited: string
  start: string
  startTitle: (name: string) => string
  startText: (people: string, segments: string) => string
  startCost: (cost: string) => string
  startScheduled: (at: string) => string
  startSuppressed: (n: string) => string
  started: string
  pause: string
  pauseTitle: string
  pauseText: (n: string) => string
  resume: string
  resumeTitle: string
  resumeText: (n: string) => string
  cancel: string
  cancelTitle: string
  cancelText: (n: string) => string
  acted: string
  testSend: string
  testHint: string
  testPhone: string
  testDone: (id: string) => string
  send: string
  settings: string
  template: (code: string, version: string) => string
  content: string
  type: string
  schedule: string
  at: (at: string, zone: string) => string
  noSchedule: string
  nextRun: string
  hours: string
  canaryLabel: string
  canaryOf: (percent: string, atLeast: string, minutes: string) => string
  none: string
  halt: string
  haltOf: (failure: string, optOut: string, results: string) => string
  run: string
  rejects: string
  rejectsHint: string
  download: string
  noRejects: string
  row: string
  reason: string
  reasonTitle: Record<string, string>
  whatToDo: Record<string, string>
  rejectCodes: Record<string, string>
}

export const detailWords = defineWords<DetailWords>({
  'zh-Hant': {
    progress: '進度',
    done: (percent) => `已完成 ${percent}%`,
    rate: (n) => `每分鐘 ${n} 人`,
    left: (time) => `約剩 ${time}`,
    canary: '目前只傳送給一小部分人：結果良好才會繼續。',
    counts: '人數',
    recipients: '收訊人',
    handed: '已建立訊息',
    pending: '等待中',
    suppressed: '已攔阻',
    suppressedNote: '退訂或沒有同意',
    rejected: '無法採用',
    duplicates: '重複',
    byStatus: '訊息的狀態',
    noMessages: '還沒有訊息。',
    estimate: '估算',
    people: '會收到的人',
    segments: '計費則數',
    cost: (provider) => `費用（${provider}）`,
    held: '要等到可傳送時段',
    heldNote: '靜音時段或限定時段',
    startsAt: '開始',
    endsAt: '結束',
    lasts: '需要時間',
    limitedBy: (limit) => `受限於 ${limit}`,
    unlimited: '沒有速率限制',
    start: '開始傳送',
    startTitle: (name) => `開始「${name}」？`,
    startText: (people, segments) => `會傳送給 ${people} 人，共 ${segments} 則計費。`,
    startCost: (cost) => `費用約 ${cost}。`,
    startScheduled: (at) => `會在 ${at} 開始。`,
    startSuppressed: (n) => `另有 ${n} 人退訂或沒有同意，不會收到。`,
    started: '活動已開始',
    pause: '暫停',
    pauseTitle: '暫停活動？',
    pauseText: (n) => `還沒交給電信商的訊息會停住；還有 ${n} 人等待中。之後可以從停下的地方繼續。`,
    resume: '繼續',
    resumeTitle: '繼續活動？',
    resumeText: (n) => `會從停下的地方繼續傳送給其餘 ${n} 人：沒有人會收到兩次。`,
    cancel: '取消活動',
    cancelTitle: '取消活動？',
    cancelText: (n) => `其餘 ${n} 人不會收到，還沒交給電信商的訊息也會取消。取消後不能恢復。`,
    acted: '已完成',
    testSend: '測試傳送',
    testHint: '以第一位收訊人的資料傳送一則真實訊息，不計入活動。',
    testPhone: '測試用手機號碼',
    testDone: (id) => `測試訊息已受理（${id}）`,
    send: '傳送測試',
    settings: '設定',
    template: (code, version) => `範本 ${code}（第 ${version} 版）`,
    content: '內容',
    type: '訊息類型',
    schedule: '時間',
    at: (at, zone) => `${at}（${zone}）`,
    noSchedule: '手動開始',
    nextRun: '下次執行',
    hours: '傳送時段',
    canaryLabel: '先傳送給一小部分人',
    canaryOf: (percent, atLeast, minutes) =>
      `${percent}%，至少 ${atLeast} 人，等待 ${minutes} 分鐘`,
    none: '無',
    halt: '自動停止',
    haltOf: (failure, optOut, results) =>
      `失敗率 ${failure}、退訂率 ${optOut}；至少 ${results} 筆結果`,
    run: '執行次數',
    rejects: '無法採用的列',
    rejectsHint: '列號是檔案中的列，欄位名稱是第 1 列。修正後可以另建活動補送。',
    download: '下載 CSV',
    noRejects: '每一列都採用了。',
    row: '列',
    reason: '原因',
    reasonTitle: {
      'failure-rate': '失敗太多，已自動停止',
      'opt-out-rate': '退訂太多，已自動停止',
      'budget-exhausted': '預算用完，已自動停止',
      missed: '錯過了預定的時間',
    },
    whatToDo: {
      'failure-rate':
        '請查看失敗的訊息與電信商狀態。排除原因後按「繼續」，之後只看新的結果；若名單有問題請取消。',
      'opt-out-rate': '請檢查內容與名單是否合適。要繼續請按「繼續」，否則取消。',
      'budget-exhausted': '請提高預算或等到下一個週期，再按「繼續」。',
      missed: '閘道當時停機太久。要傳送請另建活動，或等下一次。',
    },
    rejectCodes: {
      'phone-invalid': '不是手機號碼',
      'recipient-invalid': '資料格式錯誤',
      'row-malformed': '這一列的格式錯誤',
      'template-variables-missing': '缺少範本需要的值',
      'country-not-allowed': '不允許傳送到這個國家',
      'text-too-long': '內容太長',
    },
  },
  en: {
    progress: 'Progress',
    done: (percent) => `${percent}% done`,
    rate: (n) => `${n} people a minute`,
    left: (time) => `about ${time} left`,
    canary: 'Only a few get it for now: it goes on if they fare well.',
    counts: 'People',
    recipients: 'Recipients',
    handed: 'Have a message',
    pending: 'Waiting',
    suppressed: 'Suppressed',
    suppressedNote: 'Opted out, or without consent',
    rejected: 'Not taken',
    duplicates: 'Duplicates',
    byStatus: 'Messages by status',
    noMessages: 'There are no messages yet.',
    estimate: 'Estimate',
    people: 'Will get it',
    segments: 'Segments',
    cost: (provider) => `Cost (${provider})`,
    held: 'Wait for their hours',
    heldNote: 'Quiet hours, or the hours given',
    startsAt: 'Starts',
    endsAt: 'Ends',
    lasts: 'Takes',
    limitedBy: (limit) => `limited by ${limit}`,
    unlimited: 'no rate limit',
    start: 'Start sending',
    startTitle: (name) => `Start “${name}”?`,
    startText: (people, segments) => `${people} people will get it, in ${segments} segments.`,
    startCost: (cost) => `It costs about ${cost}.`,
    startScheduled: (at) => `It begins at ${at}.`,
    startSuppressed: (n) => `${n} more have opted out or gave no consent: they get nothing.`,
    started: 'The campaign has started',
    pause: 'Pause',
    pauseTitle: 'Pause the campaign?',
    pauseText: (n) =>
      `What no provider has yet stands still; ${n} people are waiting. It can go on exactly from there.`,
    resume: 'Resume',
    resumeTitle: 'Resume the campaign?',
    resumeText: (n) => `It goes on with the ${n} people who are left: nobody gets it twice.`,
    cancel: 'Cancel the campaign',
    cancelTitle: 'Cancel the campaign?',
    cancelText: (n) =>
      `The ${n} people who are left get nothing, and what no provider has yet is cancelled. This is for good.`,
    acted: 'Done',
    testSend: 'Test send',
    testHint: 'A real message with the values of the first recipient; it does not count.',
    testPhone: 'Phone number for the test',
    testDone: (id) => `The test message was accepted (${id})`,
    send: 'Send the test',
    settings: 'Settings',
    template: (code, version) => `Template ${code} (version ${version})`,
    content: 'Message',
    type: 'Message type',
    schedule: 'When',
    at: (at, zone) => `${at} (${zone})`,
    noSchedule: 'Started by hand',
    nextRun: 'Next run',
    hours: 'Hours',
    canaryLabel: 'A few first',
    canaryOf: (percent, atLeast, minutes) =>
      `${percent}%, at least ${atLeast} people, ${minutes} min`,
    none: 'None',
    halt: 'Halts over',
    haltOf: (failure, optOut, results) =>
      `failures ${failure}, opt-outs ${optOut}; from ${results} results on`,
    run: 'Runs',
    rejects: 'Rows that were not taken',
    rejectsHint:
      'By the row in the file, whose header is 1. Mend them and make another campaign of them.',
    download: 'Download CSV',
    noRejects: 'Every row was taken.',
    row: 'Row',
    reason: 'Reason',
    reasonTitle: {
      'failure-rate': 'Halted: too many failed',
      'opt-out-rate': 'Halted: too many opted out',
      'budget-exhausted': 'Halted: a budget is used up',
      missed: 'Its time was missed',
    },
    whatToDo: {
      'failure-rate':
        'Look at the failed messages and the providers. Once that is mended, resume: it is judged by what follows. Cancel it if the list is bad.',
      'opt-out-rate': 'See whether text and list fit together. Resume to go on, or cancel.',
      'budget-exhausted': 'Raise the budget or wait for its next period, then resume.',
      missed:
        'The gateway was down for too long. Make another campaign, or wait for the next time.',
    },
    rejectCodes: {},
  },
})
