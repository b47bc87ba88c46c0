import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { PromoteRequest, StartExperimentRequest } from '@sms-gateway/contracts/experiments'
import type { Db } from '@sms-gateway/db/connect'
import { endRunningExperiment } from '@sms-gateway/db/end-experiment'
import { findExperiment, listExperiments, type StartResult } from '@sms-gateway/db/experiments'
import { findTemplateVersion } from '@sms-gateway/db/templates'
import type { Experiment } from '@sms-gateway/domain/experiment'
import { type ApiClient, clientOf, ownerOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { beginExperiment, findWinner } from './experiment-actions.ts'
import { toExperimentEntry, toExperimentResponse } from './experiment-answers.ts'
import { createResultsSource } from './experiment-results.ts'
import { promote } from './template-actions.ts'
import { toTemplateResponse } from './template-answers.ts'
import { codeOf, found, noSuchTemplate, subjectOf, unwrap } from './template-path.ts'
import type { TemplateDeps } from './template-routes.ts'

const TEMPLATE = '/api/v1/sms/templates/:code'
const ExperimentPage = z.object({ cursor: z.uuidv7().optional() })

export interface ExperimentDeps extends TemplateDeps {
  /** For so long the results of a test are not counted again; left out: 10 s. */
  resultsKeptMs?: number | undefined
}

const RESULTS_KEPT_MS = 10_000

/** Tests of a template's variants, and what comes of them. */
export function experimentRoutes({
  db,
  authenticate,
  audited,
  now,
  resultsKeptMs: keepMs = RESULTS_KEPT_MS,
}: ExperimentDeps): Router {
  const resultsOf = createResultsSource({ db, now, keepMs })
  const mayRead = requireScope(authenticate, 'read')
  const mayWrite = requireScope(authenticate, 'templates')
  const starts = audited('experiment.start', subjectOf)
  const stops = audited('experiment.stop', subjectOf)
  const promotes = audited('template.promote', subjectOf)
  const answer = async (experiment: Experiment, res: Response) => {
    const owner = ownerOfResults(clientOf(res))
    const results = await resultsOf(experiment, owner)
    return toExperimentResponse(experiment, results, owner === undefined ? 'all' : 'own')
  }
  return Router()
    .get(`${TEMPLATE}/experiment`, mayRead, async (req, res) => {
      res.json(await answer(await getExperiment(db, req), res))
    })
    .post(`${TEMPLATE}/experiment`, mayWrite, starts, jsonBody(), async (req, res) => {
      const request = parseRequest(StartExperimentRequest, req.body)
      const who = { author: clientOf(res).keyId, now: now() }
      const started = await beginExperiment(db, codeOf(req), request, who)
      res.status(201).json(await answer(unwrapStart(started), res))
    })
    .post(`${TEMPLATE}/experiment/stop`, mayWrite, stops, async (req, res) => {
      const { code } = await getExperiment(db, req)
      if (!(await endRunningExperiment(db, code, 'stopped'))) throw over()
      res.json(await answer(await getExperiment(db, req), res))
    })
    .get(`${TEMPLATE}/experiments`, mayRead, async (req, res) => {
      const { limit } = readPage(req.query)
      const { cursor: before } = parseRequest(ExperimentPage, req.query)
      found(await findTemplateVersion(db, codeOf(req), 1))
      const page = await listExperiments(db, codeOf(req), { before, limit: limit + 1 })
      const data = page.slice(0, limit).map(toExperimentEntry)
      res.json({ data, next_cursor: page.length > limit ? (data.at(-1)?.id ?? null) : null })
    })
    .post(`${TEMPLATE}/promote`, mayWrite, promotes, jsonBody(), async (req, res) => {
      const request = parseRequest(PromoteRequest, req.body ?? {})
      const code = codeOf(req)
      const variant = request.variant ?? (await findWinner(db, resultsOf, code))
      if (variant === undefined) throw undecided()
      const promoted = await promote(db, { code, variant }, clientOf(res).keyId)
      res.json(toTemplateResponse(unwrap(promoted)))
    })
}

/** Operators see the whole of a test, as they run it for everybody; a client sees what became of its own messages. */
function ownerOfResults(client: ApiClient): string | undefined {
  return client.scopes.includes('operate') ? undefined : ownerOf(client)
}

async function getExperiment(db: Db, req: Request): Promise<Experiment> {
  const experiment = await findExperiment(db, codeOf(req))
  if (experiment) return experiment
  throw new HttpProblem('experiment-not-found', 'The template was never tested.')
}

function unwrapStart(outcome: StartResult): Experiment {
  switch (outcome.kind) {
    case 'ok':
      return outcome.experiment
    case 'not-found':
      throw noSuchTemplate()
    case 'running':
      throw new HttpProblem(
        'experiment-running',
        'The template is being tested: stop that test first.',
      )
    case 'none':
      throw new HttpProblem(
        'experiment-impossible',
        'A test needs two variants that are active with a weight, and the control must be one of them.',
      )
  }
}

function over(): HttpProblem {
  return new HttpProblem('experiment-over', 'The last test of the template is over.')
}

function undecided(): HttpProblem {
  return new HttpProblem(
    'experiment-undecided',
    'No test of the template runs that has a winner: name a variant, or wait.',
  )
}
