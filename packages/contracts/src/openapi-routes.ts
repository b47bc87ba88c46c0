import { json, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { RouteAnswerResponse, RouteQuestionRequest } from './route-question.ts'

export function routePaths() {
  return { '/sms/routes/simulate': { post: simulateRouteOperation() } }
}

/** The schemas that they name. */
export function routeSchemas() {
  return {
    RouteQuestion: schemaOf(RouteQuestionRequest, 'input'),
    RouteAnswer: schemaOf(RouteAnswerResponse, 'output'),
  }
}

function simulateRouteOperation() {
  return {
    operationId: 'simulateRoute',
    summary: 'Which provider a message would go to now, and why',
    description: 'Nothing is sent and nothing changes.',
    requestBody: { required: true, content: json('RouteQuestion') },
    responses: {
      200: { description: 'The order in which they would be tried', content: json('RouteAnswer') },
      ...problems({
        400: 'Not JSON, or not the schema',
        ...withoutScope('operate'),
      }),
    },
  }
}
