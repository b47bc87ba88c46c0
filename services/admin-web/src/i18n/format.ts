import { type Language, useLanguage } from './language.ts'

const LOCALES: Record<Language, string> = { 'zh-Hant': 'zh-Hant-TW', en: 'en-GB' }
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type Format = ReturnType<typeof createFormat>

/** Numbers, money and moments as the reader's language writes them, in the browser's time zone. */
export function createFormat(language: Language) {
  const locale = LOCALES[language]
  const numbers = new Intl.NumberFormat(locale)
  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const dateTimeParts = {
    year: 'numeric',
    // In figures English days and months are taken for each other.
    month: language === 'en' ? 'short' : '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  } as const
  const dateTimes = new Intl.DateTimeFormat(locale, dateTimeParts)
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const clockSeconds = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const monthDays = new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric' })
  const daysAndHours = new Intl.DateTimeFormat(locale, {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: language === 'en' ? 'narrow' : 'short',
      maximumFractionDigits: value < 10 && name === 'second' ? 1 : 0,
    }).format(value)
  return {
    number: (value: number) => numbers.format(value),
    share: (value: number) => shares.format(value),
    dateTime: (at: string | Date) => dateTimes.format(new Date(at)),
    /** By the clocks of a zone that is named beside it. */
    dateTimeIn: (at: string | Date, timeZone: string) =>
      new Intl.DateTimeFormat(locale, { ...dateTimeParts, timeZone }).format(new Date(at)),
    day: (at: string | Date) => days.format(new Date(at)),
    monthDay: (at: string | Date) => monthDays.format(new Date(at)),
    dayAndHour: (at: string | Date) => daysAndHours.format(new Date(at)),
    clock: (at: string | Date) => clock.format(new Date(at)),
    time: (at: string | Date) => clockSeconds.format(new Date(at)),
    full: (at: string | Date) => full.format(new Date(at)),
    /** As many digits as the API gave: a text of 0.0042 dollars is not 0.00. */
    money: (amount: string, currency: string) => {
      const digits = Math.max(2, amount.split('.')[1]?.replace(/0+$/, '').length ?? 0)
      return new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'code',
        minimumFractionDigits: 2,
        maximumFractionDigits: Math.min(digits, 6),
      }).format(Number(amount))
    },
    duration: (seconds: number) => {
      if (seconds < MINUTE) return unit(seconds, 'second')
      if (seconds < HOUR) return unit(seconds / MINUTE, 'minute')
      if (seconds < 2 * DAY) return unit(seconds / HOUR, 'hour')
      return unit(seconds / DAY, 'day')
    },
  }
}

const formats: Record<Language, Format> = {
  'zh-Hant': createFormat('zh-Hant'),
  en: createFormat('en'),
}

export function useFormat(): Format {
  return formats[useLanguage()]
}
