import type { SendRequest } from '@sms-gateway/contracts/send-request'
import { pointOf } from '@sms-gateway/domain/choose-variant'
import {
  assignVariant,
  type HoldOutGets,
  type TemplateInForce,
} from '@sms-gateway/domain/experiment'
import type { NewMessage } from '@sms-gateway/domain/message'
import type { Phone } from '@sms-gateway/domain/phone'
import { withSenderIdentity } from '@sms-gateway/domain/sender-identity'
import { smartEncode } from '@sms-gateway/domain/smart-encoding'
import { renderTemplate, type TemplateData } from '@sms-gateway/domain/template'
import { checkText, isBlank } from '@sms-gateway/domain/text-rules'
import { refuse, type Refused } from './refusal.ts'

export type PreparedText = Pick<
  NewMessage,
  'text' | 'templateCode' | 'templateVersion' | 'variant' | 'experiment'
> & { kind: 'ok'; holdOutGets: HoldOutGets | null }

export interface TextContext {
  phone: Phone
  /** The one that the request names, where there is such a one. */
  template: TemplateInForce | undefined
  /** Keyed, so that nobody can choose numbers for a variant. */
  hash: (value: string) => Buffer
  /** What stands for `{opt_out_link}`; none where `SMS_OPT_OUT_URL` is not set. */
  optOutLink?: () => string
}

export interface TextRules {
  companyName: string
  /** `SMS_SMART_ENCODING` */
  smartEncoding: boolean
}

/** The text as it will be sent, with the sender identity once: as it was given, or made of a template. */
export function prepareText(
  { message, template_code: code, template_data: data = {} }: SendRequest,
  context: TextContext,
  { companyName, smartEncoding }: TextRules,
): PreparedText | Refused {
  const made =
    message === undefined ? renderVariant(code ?? '', data, context) : asGiven(message, context)
  if (made.kind === 'refused') return made
  if (isBlank(made.text)) {
    return refuse('text-empty', 'The text is empty: give message some text.')
  }
  const whole = withSenderIdentity(made.text, companyName)
  const text = (smartEncoding ? smartEncode(whole)?.text : undefined) ?? whole
  const verdict = checkText(text)
  return verdict.kind === 'ok' ? { ...made, text } : verdict
}

const LINK = '{opt_out_link}'

function asGiven(message: string, { optOutLink }: TextContext): PreparedText | Refused {
  const hasLink = message.includes(LINK)
  if (hasLink && !optOutLink) {
    return refuse('opt-out-link-not-set', `${LINK} needs SMS_OPT_OUT_URL, which is not set.`)
  }
  return {
    kind: 'ok',
    text: hasLink && optOutLink ? message.replaceAll(LINK, optOutLink()) : message,
    templateCode: null,
    templateVersion: null,
    variant: null,
    experiment: null,
    holdOutGets: null,
  }
}

/** The variant is a stable function of template, version and person: one person always sees one. */
function renderVariant(
  code: string,
  data: TemplateData,
  { phone, template, hash, optOutLink }: TextContext,
): PreparedText | Refused {
  const chosen =
    template &&
    assignVariant(template, {
      variant: pointOf(hash(`variant ${code} ${template.version} ${phone}`)),
      holdOut: template.experiment
        ? pointOf(hash(`hold-out ${template.experiment.id} ${phone}`))
        : 0,
    })
  if (!template || !chosen) {
    return refuse('template-not-found', `There is no active template "${code}".`)
  }
  const { content } = chosen.variant
  // Ours, whatever the producer gives by that name.
  const link = optOutLink && content.includes('{opt_out_link') ? { opt_out_link: optOutLink() } : {}
  const rendering = renderTemplate(content, { ...data, ...link })
  if (rendering.kind === 'missing') {
    const errors = rendering.names.map((name) => ({
      path: `template_data.${name}`,
      message: 'the template needs it',
    }))
    const detail = `The template needs values that template_data does not give: ${rendering.names.join(', ')}.`
    return refuse('template-variables-missing', detail, errors)
  }
  return {
    kind: 'ok',
    text: rendering.text,
    templateCode: code,
    templateVersion: template.version,
    variant: chosen.variant.variant,
    experiment: chosen.experiment,
    holdOutGets: chosen.holdOutGets,
  }
}
