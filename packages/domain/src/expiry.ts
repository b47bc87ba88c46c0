const OTP_MINUTES = 10
const DEFAULT_HOURS = 24

/** An otp that comes after ten minutes is worth nothing; other messages have a day. */
export function defaultExpiry(messageType: string, goesAt: Date): Date {
  const ms = messageType === 'otp' ? OTP_MINUTES * 60_000 : DEFAULT_HOURS * 3_600_000
  return new Date(goesAt.getTime() + ms)
}

/** Why a message is `expired`, for its timeline and for `POST /failed/retry`. */
export const EXPIRED = { code: 'expired', detail: 'expires_at passed before a provider took it' }
export const GATEWAY_PAUSED = {
  code: 'gateway-paused',
  detail: 'expires_at passed while the gateway was paused',
}
export const CAMPAIGN_PAUSED = {
  code: 'campaign-paused',
  detail: 'expires_at passed while its campaign was stopped',
}

/** A person's choice to stop a campaign adds to the life of its messages; an otp is worth nothing when it is late. */
export function outlivesPause(messageType: string): boolean {
  return messageType !== 'otp'
}
