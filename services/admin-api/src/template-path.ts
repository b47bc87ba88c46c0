import type { Request } from 'express'
import { TemplateCode } from '@sms-gateway/contracts/templates'
import type { Template } from '@sms-gateway/domain/template-version'
import type { AuditSubject } from '@sms-gateway/service-kit/audit-trail'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import type { TemplateResult } from './template-actions.ts'

/** For the audit. */
export function subjectOf(req: Request): AuditSubject | null {
  const code = TemplateCode.safeParse(req.params['code'])
  return code.success ? { kind: 'template', id: code.data } : null
}

/** What cannot be a code is the code of no template. */
export function codeOf(req: Request): string {
  const code = TemplateCode.safeParse(req.params['code'])
  if (!code.success) throw noSuchTemplate()
  return code.data
}

export function found(template: Template | undefined): Template {
  if (!template) throw noSuchTemplate()
  return template
}

export function unwrap(result: TemplateResult): Template {
  switch (result.kind) {
    case 'ok':
      return result.template
    case 'not-found':
      throw noSuchTemplate()
    case 'variant-exists':
      throw new HttpProblem(
        'template-exists',
        'The template has this variant: change it with PUT, or give another variant.',
      )
    case 'version-passed':
      throw new HttpProblem(
        'template-changed',
        'Another version is in force than the one you changed: read it again.',
      )
  }
}

export function noSuchTemplate(): HttpProblem {
  return new HttpProblem('no-such-template', 'There is no such template, version or variant.')
}
