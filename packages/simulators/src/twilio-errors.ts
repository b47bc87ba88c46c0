import { toJson } from './simulator-control.ts'
import type { Reply } from './simulator-server.ts'

const MESSAGES: Readonly<Record<number, string>> = {
  20001: 'Invalid parameter',
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  20500: 'Internal Server Error',
  21211: "The 'To' number is not a valid phone number.",
  21212: "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID.",
  21408: 'Permission to send an SMS has not been enabled for the region.',
  21602: 'Message body is required.',
  21603: "A 'From' phone number is required.",
  21604: "A 'To' phone number is required.",
  21606: "The 'From' phone number provided is not a valid, SMS-capable inbound phone number.",
  21609: "The 'StatusCallback' URL is not a valid URL.",
  21610: 'Attempt to send to unsubscribed recipient',
  21611: "This 'From' number has exceeded the maximum number of queued messages",
  21612: "The 'To' phone number is not currently reachable using the 'From' phone number via SMS.",
  21614: "'To' number is not a valid mobile number",
  21617: 'The concatenated message body exceeds the 1600 character limit',
}

export function toTwilioError(status: number, code: number): Exclude<Reply, string> {
  return toJson(status, {
    code,
    message: MESSAGES[code] ?? 'simulated',
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  })
}
