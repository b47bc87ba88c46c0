import { z } from 'zod'
import type { Budget } from '@sms-gateway/domain/budget'
import { readDecimal } from '@sms-gateway/domain/money'
import type { Values } from '@sms-gateway/service-kit/environment-variables'
import {
  flag,
  integer,
  list,
  optional,
  parsed,
  text,
  url,
} from '@sms-gateway/service-kit/environment-variables'

const Country = z.string().regex(/^[A-Z]{2}$/)

const MAX_LIMIT = 1_000_000_000

const money = (example: string) =>
  parsed(
    z.string().transform((value, ctx) => readDecimal(value) ?? refuse(ctx)),
    {
      default: 0,
      form: 'New Taiwan dollars',
      example,
    },
  )

function refuse(ctx: z.RefinementCtx): never {
  ctx.addIssue({ code: 'custom', message: 'no amount' })
  return z.NEVER
}

/** 0 is none; of each API client. */
export const budgetVariables = {
  SMS_DAILY_LIMIT: integer({ default: 0, min: 0, max: MAX_LIMIT }),
  SMS_MONTHLY_LIMIT: integer({ default: 0, min: 0, max: MAX_LIMIT }),
  SMS_DAILY_BUDGET: money('500.00'),
  SMS_MONTHLY_BUDGET: money('10000.00'),
}

/** What decides whether and how a message is accepted. */
export const sendingVariables = {
  SMS_ENABLED: flag(true),
  SMS_COMPANY_NAME: text({
    default: '幸福氣',
    form: 'the registered sender name',
    example: '幸福氣',
  }),
  SMS_ALLOWED_COUNTRIES: list({
    of: Country,
    default: ['TW'],
    form: 'a JSON array of ISO 3166 country codes',
    example: '["TW"]',
  }),
  SMS_SENDER_REGISTERED_URLS: list({
    default: [],
    form: 'a JSON array of URLs and phone numbers',
    example: '["https://luckygas.tw"]',
  }),
  SMS_SMART_ENCODING: flag(false),
  SMS_DUPLICATE_WINDOW_SECONDS: integer({ max: 31 * 86_400, default: 0, example: '60' }),
  ...budgetVariables,
  /** Public; links in texts are this, a slash and a token. */
  SMS_OPT_OUT_URL: optional(url({ example: 'https://sms.luckygas.tw/api/v1/sms/opt-out' })),
}

export function toSendingConfig(values: Values<typeof sendingVariables>) {
  return {
    enabled: values.SMS_ENABLED,
    companyName: values.SMS_COMPANY_NAME,
    allowedCountries: values.SMS_ALLOWED_COUNTRIES,
    registeredUrls: values.SMS_SENDER_REGISTERED_URLS,
    smartEncoding: values.SMS_SMART_ENCODING,
    duplicateWindowSeconds: values.SMS_DUPLICATE_WINDOW_SECONDS,
    budgets: toBudgets(values),
    optOutUrl: values.SMS_OPT_OUT_URL?.replace(/\/+$/, ''),
  }
}

export function toBudgets(values: Values<typeof budgetVariables>): Budget[] {
  const ofEach = { scope: 'client', clientId: null, key: '', hard: true } as const
  const budgets: Budget[] = [
    { ...ofEach, period: 'day', unit: 'messages', amount: values.SMS_DAILY_LIMIT },
    { ...ofEach, period: 'month', unit: 'messages', amount: values.SMS_MONTHLY_LIMIT },
    { ...ofEach, period: 'day', unit: 'money', amount: values.SMS_DAILY_BUDGET },
    { ...ofEach, period: 'month', unit: 'money', amount: values.SMS_MONTHLY_BUDGET },
  ]
  return budgets.filter(({ amount }) => amount > 0)
}

export const bootstrapVariables = {
  SMS_BOOTSTRAP_API_KEY: optional(
    text({
      pattern: /^[A-Za-z0-9._~-]{16,128}$/,
      form: '16 to 128 letters, digits or . _ ~ -',
      example: 'sk_0123456789abcdef',
    }),
  ),
}
