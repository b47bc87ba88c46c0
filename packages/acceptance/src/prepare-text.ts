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
import { checkText } from '@sms-gateway/domain/text-rules'
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
  const made = message === undefined ? renderVariant(code ?? '', data, context) : asGiven(message)
  if (made.kind === 'refused') return made
  if (made.text.trim() === '') {
    return refuse('text-empty', 'The text is empty: give message some text.')
  }
  const whole = withSenderIdentity(made.text, companyName)
  const text = (smartEncoding ? smartEncode(whole)?.text : undefined) ?? whole
  const verdict = checkText(text)
  return verdict.kind === 'ok' ? { ...made, text } : verdict
}

function asGiven(text: string): PreparedText {
  return {
    kind: 'ok',
    text,
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
  { phone, template, hash }: TextContext,
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
  const rendering = renderTemplate(chosen.variant.content, data)
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
