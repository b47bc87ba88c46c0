import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import type { Db } from '@sms-gateway/db/connect'
import { findExperiment } from '@sms-gateway/db/experiments'
import type { TemplateResult } from './template-actions.ts'
import { toTemplateResponse } from './template-answers.ts'
import { unwrap } from './template-path.ts'

/** The new version; with a warning where the change ended a test of the one before. */
export async function answerChange(db: Db, result: TemplateResult): Promise<TemplateResponse> {
  const template = unwrap(result)
  const last = await findExperiment(db, template.code)
  const endedIt = last?.endReason === 'template-changed' && last.version === template.version - 1
  return { ...toTemplateResponse(template), ...(endedIt && { warnings: [TEST_ENDED] }) }
}

const TEST_ENDED = {
  code: 'experiment-ended',
  detail: 'A test of the version before ran: the change has ended it. Start one of this version.',
}
