const OTP_MINUTES = 10
const DEFAULT_HOURS = 24

/** An otp that comes after ten minutes is worth nothing; other messages have a day. */
export function defaultExpiry(messageType: string, goesAt: Date): Date {
  const ms = messageType === 'otp' ? OTP_MINUTES * 60_000 : DEFAULT_HOURS * 3_600_000
  return new Date(goesAt.getTime() + ms)
}
