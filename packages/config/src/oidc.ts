import { z } from 'zod'
import { EnvironmentError } from '@sms-gateway/service-kit/environment'
import {
  list,
  optional,
  parsed,
  text,
  url,
  type Values,
} from '@sms-gateway/service-kit/environment-variables'

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** What comes over plain http anybody on the way could have said. */
const Issuer = z
  .url({ protocol: /^https?$/ })
  .refine((issuer) => issuer.startsWith('https:') || isLoopback(issuer))

function isLoopback(issuer: string): boolean {
  return URL.canParse(issuer) && LOOPBACK.test(new URL(issuer).hostname)
}

const claimValues = (role: string) =>
  list({ default: [], form: 'a JSON array of values of the claim', example: `["sms-${role}"]` })

/** People of the company sign in by it at the operators' page; without it, by API key alone. */
export const oidcVariables = {
  SMS_PUBLIC_URL: optional(url({ example: 'https://sms.example.com' })),
  SMS_OIDC_ISSUER: optional(
    parsed(Issuer, {
      form: 'a URL with https://',
      example: 'https://login.example.com/realms/main',
    }),
  ),
  SMS_OIDC_CLIENT_ID: optional(text({ example: 'sms-gateway' })),
  SMS_OIDC_CLIENT_SECRET: optional(text({ example: 'a-secret-of-the-issuer' })),
  SMS_OIDC_ROLES_CLAIM: text({ default: 'roles', form: 'the name of a claim', example: 'groups' }),
  SMS_OIDC_ADMINS: claimValues('admins'),
  SMS_OIDC_OPERATORS: claimValues('operators'),
  SMS_OIDC_VIEWERS: claimValues('viewers'),
}

/** `undefined` where there is none; throws where half of it is set. */
export function toOidcConfig(values: Values<typeof oidcVariables>) {
  const { SMS_OIDC_ISSUER: issuer, SMS_OIDC_CLIENT_ID: clientId } = values
  if (issuer === undefined) return undefined
  const { SMS_PUBLIC_URL: publicUrl, SMS_OIDC_CLIENT_SECRET: clientSecret } = values
  if (publicUrl === undefined || clientId === undefined || clientSecret === undefined) {
    throw new EnvironmentError([
      'SMS_OIDC_ISSUER is set, so SMS_OIDC_CLIENT_ID, SMS_OIDC_CLIENT_SECRET and SMS_PUBLIC_URL must be too',
    ])
  }
  return {
    issuer,
    clientId,
    clientSecret,
    publicUrl,
    rolesClaim: values.SMS_OIDC_ROLES_CLAIM,
    roles: {
      admin: values.SMS_OIDC_ADMINS,
      operator: values.SMS_OIDC_OPERATORS,
      viewer: values.SMS_OIDC_VIEWERS,
    },
  }
}
