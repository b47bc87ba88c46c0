import { json, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { ErasureResponse, SubjectResponse } from './subjects.ts'

/** A person's rights: to have what is held, and to have it erased. */
export function subjectPaths() {
  return { '/sms/subjects/{phone}': { get: exportOperation(), delete: eraseOperation() } }
}

/** The schemas that they name. */
export function subjectSchemas() {
  return {
    Subject: schemaOf(SubjectResponse, 'output'),
    Erasure: schemaOf(ErasureResponse, 'output'),
  }
}

const PHONE = {
  ...pathParameter('phone'),
  description: 'As in POST /send, of any country; write + as %2B',
}
const REFUSALS = {
  ...withoutScope('privacy'),
  422: 'Not a number',
  503: 'The audit or the database cannot be reached: see Retry-After',
}

function exportOperation() {
  return {
    operationId: 'exportSubject',
    summary: 'All that is held about a number, of all API clients, newest messages first',
    description:
      'It comes in pieces, whatever its size. `complete` stands at its end: an answer without it was cut short.',
    parameters: [PHONE],
    responses: {
      200: { description: 'The data', content: json('Subject') },
      ...problems(REFUSALS),
    },
  }
}

function eraseOperation() {
  return {
    operationId: 'eraseSubject',
    summary: 'Erases a number from everywhere, back-ups included; what it refused goes on counting',
    description:
      'From the answer on nothing can be read or sent. Messages that were not handed over are cancelled; those that ' +
      'were keep their status and lose number, text and data. Asked again it answers with the same proof.',
    parameters: [PHONE],
    responses: {
      200: { description: 'Erased', content: json('Erasure') },
      202: {
        description: 'Nothing can be read any more; rows are still blanked',
        content: json('Erasure'),
      },
      ...problems(REFUSALS),
    },
  }
}
