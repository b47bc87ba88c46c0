import { z } from 'zod'
import { list, type Values } from '@sms-gateway/service-kit/environment-variables'

/** A name, `*.` and a name, or an address. */
const Host = z
  .string()
  .regex(/^(?:\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[?[0-9a-fA-F:.]+\]?$/)

export const callbackVariables = {
  SMS_CALLBACK_ALLOWED_HOSTS: list({
    of: Host,
    default: [],
    form: 'a JSON array of host names and addresses',
    example: '["hooks.intern.example"]',
  }),
}

export function toCallbackConfig(values: Values<typeof callbackVariables>) {
  return { allowedHosts: values.SMS_CALLBACK_ALLOWED_HOSTS }
}
