import type { ComponentType } from 'react'
import type { Scope } from './api/session.ts'
import type { Words } from './i18n/words.ts'
import type { IconName } from './parts/Icon.tsx'

/** The headings of the navigation, in this order. */
export const GROUPS = ['now', 'sending', 'people', 'figures', 'system'] as const
export type PageGroup = (typeof GROUPS)[number]

export interface Page {
  /** Under `/`. What is behind it is the page's own: see `MessagesPage`. */
  path: string
  title: Words<string>
  group: PageGroup
  icon: IconName
  /** Without it the page is neither in the navigation nor opened. */
  scope: Scope
  load: () => Promise<ComponentType>
}

/** Every page of the console, in the order of the navigation. A page is one entry here and one folder. */
export const PAGES: readonly Page[] = [
  {
    path: 'overview',
    title: { 'zh-Hant': '總覽', en: 'Overview' },
    group: 'now',
    icon: 'overview',
    scope: 'read',
    load: () => import('./pages/overview/OverviewPage.tsx').then((m) => m.OverviewPage),
  },
  {
    path: 'messages',
    title: { 'zh-Hant': '訊息', en: 'Messages' },
    group: 'now',
    icon: 'messages',
    scope: 'read',
    load: () => import('./pages/messages/MessagesPage.tsx').then((m) => m.MessagesPage),
  },
  {
    path: 'in-doubt',
    title: { 'zh-Hant': '結果存疑', en: 'In doubt' },
    group: 'now',
    icon: 'doubt',
    scope: 'read',
    load: () => import('./pages/doubts/DoubtsPage.tsx').then((m) => m.DoubtsPage),
  },
  {
    path: 'failed',
    title: { 'zh-Hant': '失敗', en: 'Failed' },
    group: 'now',
    icon: 'failed',
    scope: 'read',
    load: () => import('./pages/failed/FailedPage.tsx').then((m) => m.FailedPage),
  },
  {
    path: 'providers',
    title: { 'zh-Hant': '電信商', en: 'Providers' },
    group: 'now',
    icon: 'provider',
    scope: 'operate',
    load: () => import('./pages/providers/ProvidersPage.tsx').then((m) => m.ProvidersPage),
  },
  {
    path: 'statistics',
    title: { 'zh-Hant': '統計與費用', en: 'Statistics and cost' },
    group: 'figures',
    icon: 'chart',
    scope: 'read',
    load: () => import('./pages/statistics/StatisticsPage.tsx').then((m) => m.StatisticsPage),
  },
  {
    path: 'templates',
    title: { 'zh-Hant': '簡訊範本', en: 'Templates' },
    group: 'sending',
    icon: 'template',
    scope: 'read',
    load: () => import('./pages/templates/TemplatesPage.tsx').then((m) => m.TemplatesPage),
  },
  {
    path: 'audit',
    title: { 'zh-Hant': '稽核紀錄', en: 'Audit' },
    group: 'system',
    icon: 'audit',
    scope: 'privacy',
    load: () => import('./pages/audit/AuditPage.tsx').then((m) => m.AuditPage),
  },
  {
    path: 'api-keys',
    title: { 'zh-Hant': 'API 金鑰', en: 'API keys' },
    group: 'system',
    icon: 'key',
    scope: 'admin',
    load: () => import('./pages/api-keys/ApiKeysPage.tsx').then((m) => m.ApiKeysPage),
  },
  {
    path: 'privacy',
    title: { 'zh-Hant': '個資權利', en: 'Privacy' },
    group: 'people',
    icon: 'privacy',
    scope: 'privacy',
    load: () => import('./pages/privacy/PrivacyPage.tsx').then((m) => m.PrivacyPage),
  },
  {
    path: 'campaigns',
    title: { 'zh-Hant': '群發活動', en: 'Campaigns' },
    group: 'sending',
    icon: 'campaign',
    scope: 'read',
    load: () => import('./pages/campaigns/CampaignsPage.tsx').then((m) => m.CampaignsPage),
  },
  {
    path: 'conversations',
    title: { 'zh-Hant': '對話', en: 'Conversations' },
    group: 'people',
    icon: 'conversation',
    scope: 'read',
    load: () =>
      import('./pages/conversations/ConversationsPage.tsx').then((m) => m.ConversationsPage),
  },
  {
    path: 'permissions',
    title: { 'zh-Hant': '退訂與同意', en: 'Opt-outs and consents' },
    group: 'people',
    icon: 'consent',
    scope: 'operate',
    load: () => import('./pages/permissions/PermissionsPage.tsx').then((m) => m.PermissionsPage),
  },
]
