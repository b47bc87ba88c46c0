import { json, problems, withoutScope } from './openapi-parts.ts'

export function simulateRouteOperation() {
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
