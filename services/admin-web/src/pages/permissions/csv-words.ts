import { defineWords } from '../../i18n/words.ts'

export const csvWords = defineWords({
  'zh-Hant': {
    exportIt: '匯出 CSV',
    exportTitle: '匯出整份名單？',
    exportText: '檔案含所有人的完整號碼，請妥善保管。匯出會記入稽核紀錄。',
    importIt: '匯入 CSV',
    importTitle: { 'opt-outs': '匯入退訂', consents: '匯入同意' },
    columns: {
      'opt-outs': '第一列為欄名：phone 必填；channel、kind、source、reason、created_at 選填。',
      consents:
        '第一列為欄名：phone、kind、granted、wording_version 必填；channel、source、proof、at 選填。',
    },
    file: 'CSV 檔（UTF-8）',
    choose: '選擇檔案',
    rows: (n: string) => `檔案約有 ${n} 筆資料，將全部匯入；已有的不變。`,
    noRows: '檔案沒有資料列。',
    go: (n: string) => `匯入 ${n} 筆`,
    report: '匯入結果',
    read: '讀取',
    imported: '匯入',
    unchanged: '原已存在',
    rejected: '退回',
    rejects: '退回的資料列',
    firstRejects: (n: string) => `僅列出前 ${n} 筆。`,
    row: '列',
    reason: '原因',
    ignored: (names: string) => `未使用的欄位：${names}`,
    another: '再匯入一個檔案',
  },
  en: {
    exportIt: 'Export CSV',
    exportTitle: 'Export the whole list?',
    exportText:
      'The file has the whole number of everybody in it: keep it safe. The export is written to the audit.',
    importIt: 'Import CSV',
    importTitle: { 'opt-outs': 'Import opt-outs', consents: 'Import consents' },
    columns: {
      'opt-outs':
        'The first row names the columns: phone is needed; channel, kind, source, reason and created_at may be there.',
      consents:
        'The first row names the columns: phone, kind, granted and wording_version are needed; channel, source, proof and at may be there.',
    },
    file: 'CSV file (UTF-8)',
    choose: 'Choose a file',
    rows: (n) =>
      `The file has about ${n} rows. All of them are imported; what is there stays as it is.`,
    noRows: 'The file has no rows.',
    go: (n) => `Import ${n} rows`,
    report: 'What became of it',
    read: 'Read',
    imported: 'Imported',
    unchanged: 'There before',
    rejected: 'Rejected',
    rejects: 'Rejected rows',
    firstRejects: (n) => `The first ${n} are shown.`,
    row: 'Row',
    reason: 'Reason',
    ignored: (names) => `Columns that were not used: ${names}`,
    another: 'Import another file',
  },
})
