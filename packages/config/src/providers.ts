import type { Values } from '@sms-gateway/service-kit/environment-variables'
import { flag, integer, optional, text, url } from '@sms-gateway/service-kit/environment-variables'

export const providerVariables = {
  SMS_TWILIO_ENABLED: flag(true),
  TWILIO_ACCOUNT_SID: optional(
    text({
      pattern: /^AC[0-9a-fA-F]{32}$/,
      form: 'AC and 32 hex digits',
      example: `AC${'0'.repeat(32)}`,
    }),
  ),
  TWILIO_AUTH_TOKEN: optional(
    text({ form: "the account's auth token", example: '0123456789abcdef' }),
  ),
  TWILIO_FROM_NUMBER: optional(
    text({ pattern: /^\+[1-9][0-9]{6,14}$/, form: 'a number in E.164', example: '+15005550006' }),
  ),
  TWILIO_MESSAGING_SERVICE_SID: optional(
    text({
      pattern: /^MG[0-9a-fA-F]{32}$/,
      form: 'MG and 32 hex digits',
      example: `MG${'0'.repeat(32)}`,
    }),
  ),
  TWILIO_WEBHOOK_URL: optional(url({ example: 'https://api.luckygas.tw/api/v1' })),
  TWILIO_BASE_URL: url({ default: 'https://api.twilio.com', example: 'https://api.twilio.com' }),
  SMS_CHUNGHWA_ENABLED: flag(true),
  CHT_SMS_ACCOUNT_ID: optional(
    text({ pattern: /^[\x21-\x7e]{1,8}$/, form: 'up to 8 ASCII characters', example: '12345' }),
  ),
  CHT_SMS_PASSWORD: optional(
    text({ pattern: /^[\x21-\x7e]{1,8}$/, form: 'up to 8 ASCII characters', example: 'secret12' }),
  ),
  CHT_SMS_WEBHOOK_SECRET: optional(
    text({ form: 'the secret that the relay signs with', example: 'a-long-random-text' }),
  ),
  CHT_SMS_BASE_URL: url({
    default: 'https://imsp.emome.net:4443',
    example: 'https://imsp.emome.net:4443',
  }),
  CHT_SMS_CA: optional(
    text({
      form: 'a CA certificate in PEM, for a chain that Node does not know',
      example: '-----BEGIN…',
    }),
  ),
  SMS_PROVIDER_TIMEOUT_MS: integer({ default: 10_000, min: 100, max: 120_000 }),
}

type ProviderValues = Values<typeof providerVariables>

/** `undefined` for a provider that is switched off or has no credentials. */
export function toProviderConfig(values: ProviderValues) {
  return { twilio: toTwilioConfig(values), chunghwa: toChunghwaConfig(values) }
}

function toTwilioConfig(values: ProviderValues) {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = values
  if (!values.SMS_TWILIO_ENABLED || !accountSid || !authToken) return undefined
  return {
    accountSid,
    authToken,
    ...(values.TWILIO_FROM_NUMBER && { from: values.TWILIO_FROM_NUMBER }),
    ...(values.TWILIO_MESSAGING_SERVICE_SID && {
      messagingServiceSid: values.TWILIO_MESSAGING_SERVICE_SID,
    }),
    ...(values.TWILIO_WEBHOOK_URL && { webhookUrl: values.TWILIO_WEBHOOK_URL.replace(/\/+$/, '') }),
    baseUrl: values.TWILIO_BASE_URL,
    timeoutMs: values.SMS_PROVIDER_TIMEOUT_MS,
  }
}

function toChunghwaConfig(values: ProviderValues) {
  const { CHT_SMS_ACCOUNT_ID: account, CHT_SMS_PASSWORD: password } = values
  if (!values.SMS_CHUNGHWA_ENABLED || !account || !password) return undefined
  return {
    account,
    password,
    ...(values.CHT_SMS_WEBHOOK_SECRET && { webhookSecret: values.CHT_SMS_WEBHOOK_SECRET }),
    ...(values.CHT_SMS_CA && { ca: values.CHT_SMS_CA }),
    baseUrl: values.CHT_SMS_BASE_URL,
    timeoutMs: values.SMS_PROVIDER_TIMEOUT_MS,
  }
}

export const receiptVariables = {
  SMS_RECEIPT_TIMEOUT_HOURS: integer({ default: 72, min: 1, max: 8_760 }),
}

export const circuitVariables = {
  SMS_BREAKER_FAILURES: integer({ default: 3, min: 1, max: 1_000 }),
  SMS_BREAKER_RESET_SECONDS: integer({ default: 300, min: 1, max: 86_400 }),
}

/** A probe that has not reported when its submission must be over is taken for lost. */
export function toCircuitPolicy(
  values: Values<
    typeof circuitVariables & Pick<typeof providerVariables, 'SMS_PROVIDER_TIMEOUT_MS'>
  >,
) {
  return {
    failuresToOpen: values.SMS_BREAKER_FAILURES,
    resetMs: values.SMS_BREAKER_RESET_SECONDS * 1_000,
    probeMs: values.SMS_PROVIDER_TIMEOUT_MS + 5_000,
  }
}
