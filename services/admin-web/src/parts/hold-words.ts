import { defineWords, useWords } from '../i18n/words.ts'

/** Why a message waits, as docs/errors.md lists it; reasons that name a provider keep their own words. */
const holdWords = defineWords<Readonly<Record<string, string>>>({
  'zh-Hant': {
    'quiet-hours': '夜間靜音時段',
    'rate-limit': '已達速率上限',
    'fraud-check': '等待防詐騙審查',
    'frequency-cap': '已達收訊人頻率上限',
    restored: '由備份還原',
    'every circuit is open': '所有電信商皆中斷',
    'no provider is switched on': '沒有啟用的電信商',
    'every provider refused it': '所有電信商都拒收，稍後重試',
    'every provider is at its limit': '所有電信商皆達上限，稍後重試',
    'no provider can be reached': '無法連線到電信商，稍後重試',
    'the provider never got it': '電信商未收到，重新傳送',
    'its worker died': '處理程序中斷，改由下一家傳送',
    'gateway-paused': '閘道已暫停',
    'not sent in time': '未及時送出，重新傳送',
    'the database was away': '資料庫中斷，重新傳送',
  },
  en: {
    'quiet-hours': 'quiet hours',
    'rate-limit': 'a limit has no room yet',
    'fraud-check': 'waits for a fraud check',
    'frequency-cap': 'the recipient had enough for now',
    'gateway-paused': 'the gateway is paused',
    restored: 'restored from a back-up',
  },
})

export function useHoldReason(): (reason: string) => string {
  const words = useWords(holdWords)
  return (reason) => words[reason] ?? reason
}
