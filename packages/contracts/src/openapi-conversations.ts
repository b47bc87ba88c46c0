import { KEYWORDS } from '@sms-gateway/domain/keywords'
import { ProviderName } from '@sms-gateway/domain/provider'
import {
  ConversationResponse,
  InboundListResponse,
  KeywordAnswerResponse,
  KeywordAnswersResponse,
  ReplyRequest,
  ReplyResponse,
  SetKeywordAnswer,
} from './conversations.ts'
import { json, PAGE, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'

/** What people wrote, and what is answered. */
export function conversationPaths() {
  return {
    '/sms/inbound': { get: listInboundOperation() },
    '/sms/conversations/{phone}': { get: readConversationOperation() },
    '/sms/conversations/{phone}/reply': { post: replyOperation() },
    '/sms/keyword-answers': { get: listAnswersOperation() },
    '/sms/keyword-answers/{word}': { put: setAnswerOperation(), delete: deleteAnswerOperation() },
  }
}

/** The schemas that they name. */
export function conversationSchemas() {
  return {
    InboundTexts: schemaOf(InboundListResponse, 'output'),
    Conversation: schemaOf(ConversationResponse, 'output'),
    Reply: schemaOf(ReplyRequest, 'input'),
    ReplyResult: schemaOf(ReplyResponse, 'output'),
    SetKeywordAnswer: schemaOf(SetKeywordAnswer, 'input'),
    KeywordAnswer: schemaOf(KeywordAnswerResponse, 'output'),
    KeywordAnswers: schemaOf(KeywordAnswersResponse, 'output'),
  }
}

const TEXT = { type: 'string' }
const READING = withoutScope('read')
const SETTING = withoutScope('templates')

function listInboundOperation() {
  return {
    operationId: 'listInbound',
    summary: 'What people wrote, newest first',
    description: 'Own conversations alone, unless the key has `admin`.',
    parameters: [
      { name: 'id', in: 'query', schema: { ...TEXT, format: 'uuid' } },
      ...['start_date', 'end_date'].map((name) => ({
        ...{ name, in: 'query', schema: { type: 'string', format: 'date' } },
      })),
      ...['phone', 'customer_id'].map((name) => ({ name, in: 'query', schema: TEXT })),
      { name: 'provider', in: 'query', schema: { ...TEXT, enum: ProviderName.options } },
      { name: 'keyword', in: 'query', schema: { ...TEXT, enum: KEYWORDS } },
      ...PAGE,
    ],
    responses: {
      200: { description: 'A page', content: json('InboundTexts') },
      ...problems({ 400: 'A filter or page that is none', ...READING }),
    },
  }
}

function readConversationOperation() {
  return {
    operationId: 'readConversation',
    summary: 'What was said with one number, both directions, oldest first',
    parameters: [pathParameter('phone'), ...PAGE],
    responses: {
      200: { description: 'A page', content: json('Conversation') },
      ...problems({ 400: 'Not a page', ...READING, 422: 'Not a number' }),
    },
  }
}

function replyOperation() {
  return {
    operationId: 'replyToConversation',
    summary: 'Answer what a number wrote: a send like any other, for the same customer',
    parameters: [
      pathParameter('phone'),
      { name: 'Idempotency-Key', in: 'header', schema: { ...TEXT, maxLength: 255 } },
    ],
    requestBody: { required: true, content: json('Reply') },
    responses: {
      202: { description: 'Committed', content: json('ReplyResult') },
      ...problems({
        400: 'Not JSON, or not the schema',
        ...withoutScope('send'),
        404: 'There is nothing of this number to answer',
        409: 'The idempotency key was used with another body, or its first request is not finished',
        422: 'Well-formed but impossible',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}

function listAnswersOperation() {
  return {
    operationId: 'listKeywordAnswers',
    summary: 'What your own words are answered with, by word',
    parameters: PAGE,
    responses: {
      200: { description: 'A page', content: json('KeywordAnswers') },
      ...problems({ 400: 'Not a page', ...READING }),
    },
  }
}

function setAnswerOperation() {
  return {
    operationId: 'setKeywordAnswer',
    summary: 'What a text that is this word is answered with',
    parameters: [pathParameter('word')],
    requestBody: { required: true, content: json('SetKeywordAnswer') },
    responses: {
      200: { description: 'Set', content: json('KeywordAnswer') },
      ...problems({ 400: 'Not the schema', ...SETTING, 422: 'Not a word, or one of everybody' }),
    },
  }
}

function deleteAnswerOperation() {
  return {
    operationId: 'deleteKeywordAnswer',
    summary: 'The word is answered no more',
    parameters: [pathParameter('word')],
    responses: {
      204: { description: 'Deleted' },
      ...problems({ ...SETTING, 404: 'The word has no answer', 422: 'Not a word' }),
    },
  }
}
