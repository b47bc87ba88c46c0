import { type Request, Router } from 'express'
import { type KeywordAnswerResponse, SetKeywordAnswer } from '@sms-gateway/contracts/conversations'
import type { Db } from '@sms-gateway/db/connect'
import {
  deleteKeywordAnswer,
  type KeywordAnswer,
  listKeywordAnswers,
  setKeywordAnswer,
} from '@sms-gateway/db/keyword-answers'
import { cleanWord, matchKeyword } from '@sms-gateway/domain/keywords'
import type { PreviewRules } from '@sms-gateway/domain/preview-text'
import { withSenderIdentity } from '@sms-gateway/domain/sender-identity'
import { checkText } from '@sms-gateway/domain/text-rules'
import { type Authenticate, clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import type { Audited } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'

export interface KeywordAnswerDeps {
  db: Db
  authenticate: Authenticate
  audited: Audited
  previewRules: PreviewRules
}

const ANSWERS = '/api/v1/sms/keyword-answers'
const ANSWER = `${ANSWERS}/:word`
const MAX_WORD_LENGTH = 30

/** What a client's own words are answered with; the words that everybody has are not its to set. */
export function keywordAnswerRoutes({
  db,
  authenticate,
  audited,
  previewRules,
}: KeywordAnswerDeps): Router {
  const mayRead = requireScope(authenticate, 'read')
  const mayWrite = requireScope(authenticate, 'templates')
  return Router()
    .get(ANSWERS, mayRead, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const page = { after: readCursor(cursor), limit: limit + 1 }
      const found = await listKeywordAnswers(db, clientOf(res).clientId, page)
      const data = found.slice(0, limit)
      const last = data.at(-1)
      const next = last && found.length > limit ? toCursor(last.word) : null
      res.json({ data: data.map(toResponse), next_cursor: next })
    })
    .put(ANSWER, mayWrite, audited('keyword-answer.set'), jsonBody(), async (req, res) => {
      const word = wordOf(req)
      const { message: content } = parseRequest(SetKeywordAnswer, req.body)
      const check = checkText(withSenderIdentity(content, previewRules.companyName))
      if (check.kind === 'refused') throw new HttpProblem(check.code, check.detail)
      res.json(toResponse(await setKeywordAnswer(db, clientOf(res).clientId, { word, content })))
    })
    .delete(ANSWER, mayWrite, audited('keyword-answer.delete'), async (req, res) => {
      if (!(await deleteKeywordAnswer(db, clientOf(res).clientId, wordOf(req)))) {
        throw new HttpProblem('keyword-answer-not-found', 'This word has no answer of yours.')
      }
      res.status(204).end()
    })
}

/** As it is compared with what people write: `"Price?"` and `PRICE` are one word. */
function wordOf(req: Request): string {
  const { word: text } = req.params
  const word = cleanWord(typeof text === 'string' ? text : '')
  if (word === '' || word.length > MAX_WORD_LENGTH || cleanWord(word) !== word) {
    throw new HttpProblem(
      'keyword-invalid',
      `Use a word of 1 to ${MAX_WORD_LENGTH} letters or digits: signs and blanks do not count.`,
    )
  }
  if (matchKeyword(word) !== undefined) {
    throw new HttpProblem(
      'keyword-reserved',
      'STOP, START, HELP and the like say the same for everybody: use another word.',
    )
  }
  return word
}

function toResponse({ word, content, updatedAt }: KeywordAnswer): KeywordAnswerResponse {
  return { word, message: content, updated_at: updatedAt.toISOString() }
}

/** Words may have any letters, a cursor only ASCII. */
function toCursor(word: string): string {
  return Buffer.from(word).toString('base64url')
}

function readCursor(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : cleanWord(Buffer.from(cursor, 'base64url').toString())
}
