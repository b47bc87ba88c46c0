import {
  ExperimentResponse,
  ExperimentsResponse,
  PromoteRequest,
  StartExperimentRequest,
} from './experiments.ts'
import { json, PAGE, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'

const MAY_READ = withoutScope('read')
const MAY_WRITE = withoutScope('templates')
const NO_EXPERIMENT = { 404: 'No such template, or it was never tested' }

/** The paths of tests of a template's variants. */
export function experimentPaths() {
  return {
    '/sms/templates/{code}/experiment': { get: findOperation(), post: startOperation() },
    '/sms/templates/{code}/experiment/stop': { post: stopOperation() },
    '/sms/templates/{code}/experiments': { get: listOperation() },
    '/sms/templates/{code}/promote': { post: promoteOperation() },
  }
}

/** The schemas that they name. */
export function experimentSchemas() {
  return {
    StartExperiment: schemaOf(StartExperimentRequest, 'input'),
    Experiment: schemaOf(ExperimentResponse, 'output'),
    Experiments: schemaOf(ExperimentsResponse, 'output'),
    Promote: schemaOf(PromoteRequest, 'input'),
  }
}

function findOperation() {
  return {
    operationId: 'findExperiment',
    summary: 'The test that runs, else the last one, with its results, at most 10 s old',
    description:
      'Of everybody’s messages for a key with operate or admin, else of those of its own API client; a winner is found by all.',
    parameters: [pathParameter('code')],
    responses: {
      200: { description: 'The test', content: json('Experiment') },
      ...problems({ ...MAY_READ, ...NO_EXPERIMENT }),
    },
  }
}

function startOperation() {
  return {
    operationId: 'startExperiment',
    summary: 'Test the variants of the version in force against each other',
    parameters: [pathParameter('code')],
    requestBody: { required: true, content: json('StartExperiment') },
    responses: {
      201: { description: 'The test', content: json('Experiment') },
      ...problems({
        400: 'Not the schema',
        ...MAY_WRITE,
        404: 'No such template, version or variant',
        409: 'A test runs already',
        422: 'Fewer than two variants get people, or the control gets none',
      }),
    },
  }
}

function stopOperation() {
  return {
    operationId: 'stopExperiment',
    summary: 'End the test; the template stays as it is',
    parameters: [pathParameter('code')],
    responses: {
      200: { description: 'The test', content: json('Experiment') },
      ...problems({ ...MAY_WRITE, ...NO_EXPERIMENT, 409: 'The test is over' }),
    },
  }
}

function listOperation() {
  return {
    operationId: 'listExperiments',
    summary: 'Tests of a template, newest first, without results',
    parameters: [pathParameter('code'), ...PAGE],
    responses: {
      200: { description: 'A page', content: json('Experiments') },
      ...problems({ 400: 'Not a page', ...MAY_READ, 404: 'No such template' }),
    },
  }
}

function promoteOperation() {
  return {
    operationId: 'promoteVariant',
    summary: 'Give one variant, or the winner of the test, all the weight, in a new version',
    parameters: [pathParameter('code')],
    requestBody: { required: false, content: json('Promote') },
    responses: {
      200: { description: 'The new version', content: json('Template') },
      ...problems({
        400: 'Not the schema',
        ...MAY_WRITE,
        404: 'No such template, version or variant',
        409: 'No variant is named, and the test has no winner',
      }),
    },
  }
}
