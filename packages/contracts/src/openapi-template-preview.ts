import { json, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { PreviewRequest, PreviewResponse } from './template-preview.ts'

export function templatePreviewPaths() {
  return { '/sms/templates/{code}/preview': { post: previewOperation() } }
}

/** The schemas that they name. */
export function templatePreviewSchemas() {
  return {
    Preview: schemaOf(PreviewRequest, 'input'),
    PreviewResult: schemaOf(PreviewResponse, 'output'),
  }
}

function previewOperation() {
  return {
    operationId: 'previewTemplate',
    summary: 'How a text would go out: segments, cost, warnings',
    description: 'Of a stored variant, or of `content`, for which the template need not be there.',
    parameters: [pathParameter('code')],
    requestBody: { required: false, content: json('Preview') },
    responses: {
      200: { description: 'The preview', content: json('PreviewResult') },
      ...problems({
        400: 'Not the schema',
        ...withoutScope('read'),
        404: 'No such template, version or variant',
        422: 'Values for the template are missing',
      }),
    },
  }
}
