import { z } from 'zod'
import type { InboundText } from '@sms-gateway/domain/inbound'
import { readSender } from '@sms-gateway/domain/inbound'
import type { Keyword } from '@sms-gateway/domain/keywords'
import type { FormParams } from './form-params.ts'
import { TwilioSid } from './twilio-reply.ts'

const Sender = z.string().trim().min(1).max(64)
const MAX_MEDIA = 10

/** `OptOutType`, which Twilio's Advanced Opt-Out adds where it has acted on a word and answered it. */
const KEYWORD: Readonly<Record<string, Keyword>> = { STOP: 'stop', START: 'start', HELP: 'help' }

/** providers.md, 4.5. `undefined` for a form that is no text from a person. */
export function readTwilioInbound(params: FormParams): InboundText | undefined {
  const sid = TwilioSid.safeParse(params['MessageSid'] ?? params['SmsSid'])
  const from = Sender.safeParse(params['From'])
  const { Body: text = '', To: to, OptOutType: optOutType } = params
  if (!sid.success || !from.success || typeof text !== 'string') return undefined
  return {
    provider: 'twilio',
    reference: sid.data,
    from: readSender(from.data),
    to: typeof to === 'string' ? readSender(to) : null,
    text,
    mediaUrls: readMedia(params),
    providerKeyword:
      typeof optOutType === 'string' && Object.hasOwn(KEYWORD, optOutType)
        ? (KEYWORD[optOutType] ?? null)
        : null,
  }
}

function readMedia(params: FormParams): string[] {
  return Array.from({ length: MAX_MEDIA }, (_, index) => params[`MediaUrl${index}`]).filter(
    (url): url is string => typeof url === 'string',
  )
}
