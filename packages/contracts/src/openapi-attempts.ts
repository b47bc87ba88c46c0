import { MessageAttemptsResponse } from './message-attempts.ts'
import { json, messageIdParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'

export function attemptPaths() {
  return { '/sms/messages/{id}/attempts': { get: listAttemptsOperation() } }
}

export function attemptSchemas() {
  return { MessageAttempts: schemaOf(MessageAttemptsResponse, 'output') }
}

function listAttemptsOperation() {
  return {
    operationId: 'listMessageAttempts',
    summary: 'What was done for a message: submissions, receipts, callbacks',
    description:
      'Each submission with why it went where it went; receipts with their fields, without what is about the person.',
    parameters: [messageIdParameter()],
    responses: {
      200: { description: 'All of it, oldest first', content: json('MessageAttempts') },
      ...problems({
        ...withoutScope('read'),
        404: 'No such message',
      }),
    },
  }
}
