import { json, problems, schemaOf } from './openapi-parts.ts'
import { PriceResponse, PricesResponse, SetPriceRequest } from './prices.ts'

const MAY = { 401: 'No valid API key', 403: 'The key lacks the scope `operate`' }

/** The paths of prices. */
export function moneyPaths() {
  return { '/sms/prices': { get: listPricesOperation(), put: setPriceOperation() } }
}

/** The schemas that they name. */
export function moneySchemas() {
  return {
    SetPrice: schemaOf(SetPriceRequest, 'input'),
    Price: schemaOf(PriceResponse, 'output'),
    Prices: schemaOf(PricesResponse, 'output'),
  }
}

function listPricesOperation() {
  return {
    operationId: 'listPrices',
    summary: 'What a segment costs, by provider, country and time',
    parameters: [
      { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, default: 50 } },
      { name: 'cursor', in: 'query', schema: { type: 'string' } },
    ],
    responses: {
      200: { description: 'The price book', content: json('Prices') },
      ...problems(MAY),
    },
  }
}

function setPriceOperation() {
  return {
    operationId: 'setPrice',
    summary: 'Set a price from a moment on: what was sent before keeps its own',
    requestBody: { required: true, content: json('SetPrice') },
    responses: {
      200: { description: 'The price', content: json('Price') },
      ...problems({
        400: 'Not the schema',
        ...MAY,
        403: 'The key lacks the scope `admin`',
        422: 'The moment has passed',
      }),
    },
  }
}
