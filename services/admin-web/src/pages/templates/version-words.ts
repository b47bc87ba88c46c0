import { defineWords } from '../../i18n/words.ts'

interface VersionWords {
  versions: string
  compare: string
  from: string
  to: string
  current: string
  by: string
  seeded: string
  only: string
  same: string
  fields: Record<string, string>
  ofVariant: (variant: string, field: string) => string
  yes: string
  no: string
  removed: string
  added: string
  diffFromCurrent: string
  rollBack: string
  rollBackTitle: (n: string) => string
  rollBackText: (n: string) => string
  rolledBack: (n: string) => string
}

export const versionWords = defineWords<VersionWords>({
  'zh-Hant': {
    versions: '所有版本',
    compare: '比較',
    from: '舊版本',
    to: '新版本',
    current: '使用中',
    by: '變更者',
    seeded: '隨閘道提供',
    only: '只有一個版本：變更之後可以在這裡比較。',
    same: '這兩個版本沒有差異。',
    fields: {
      name: '名稱',
      language: '語言',
      content: '內容',
      weight: '權重',
      active: '啟用',
    },
    ofVariant: (variant: string, field: string) => `版型 ${variant} · ${field}`,
    yes: '是',
    no: '否',
    removed: '刪除：',
    added: '新增：',
    diffFromCurrent: '與目前版本比較',
    rollBack: '還原為此版本',
    rollBackTitle: (n: string) => `還原為第 ${n} 版？`,
    rollBackText: (n: string) =>
      `會建立一個與第 ${n} 版內容相同的新版本，一秒內生效。進行中的測試會結束；已送出的簡訊不受影響。`,
    rolledBack: (n: string) => `已還原，成為第 ${n} 版`,
  },
  en: {
    versions: 'All versions',
    compare: 'Compare',
    from: 'Older version',
    to: 'Newer version',
    current: 'In force',
    by: 'Changed by',
    seeded: 'Came with the gateway',
    only: 'There is one version: after a change the two can be compared here.',
    same: 'These two versions do not differ.',
    fields: {
      name: 'Name',
      language: 'Language',
      content: 'Text',
      weight: 'Weight',
      active: 'Active',
    },
    ofVariant: (variant, field) => `Variant ${variant} · ${field}`,
    yes: 'Yes',
    no: 'No',
    removed: 'removed: ',
    added: 'added: ',
    diffFromCurrent: 'Compare with the one in force',
    rollBack: 'Roll back to it',
    rollBackTitle: (n) => `Roll back to version ${n}?`,
    rollBackText: (n) =>
      `A new version that reads as version ${n} is made, in force within a second. A test ends; messages that were sent stay as they are.`,
    rolledBack: (n) => `Rolled back, as version ${n}`,
  },
})
