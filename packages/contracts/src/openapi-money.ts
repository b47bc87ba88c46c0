import { BudgetResponse, BudgetsResponse, SetBudgetRequest } from './budgets.ts'
import { json, PAGE, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'
import { PriceResponse, PricesResponse, SetPriceRequest } from './prices.ts'

const MAY = withoutScope('operate')

/** The paths of prices and budgets. */
export function moneyPaths() {
  return {
    '/sms/prices': { get: listPricesOperation(), put: setPriceOperation() },
    '/sms/budgets': { get: listBudgetsOperation(), put: setBudgetOperation() },
    '/sms/budgets/{id}': { delete: deleteBudgetOperation() },
  }
}

/** The schemas that they name. */
export function moneySchemas() {
  return {
    SetPrice: schemaOf(SetPriceRequest, 'input'),
    Price: schemaOf(PriceResponse, 'output'),
    Prices: schemaOf(PricesResponse, 'output'),
    SetBudget: schemaOf(SetBudgetRequest, 'input'),
    Budget: schemaOf(BudgetResponse, 'output'),
    Budgets: schemaOf(BudgetsResponse, 'output'),
  }
}

function listPricesOperation() {
  return {
    operationId: 'listPrices',
    summary: 'What a segment costs, by provider, country and time',
    parameters: PAGE,
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

function listBudgetsOperation() {
  return {
    operationId: 'listBudgets',
    summary: "The client's budgets and where they stand; all of them with `admin`",
    parameters: PAGE,
    responses: {
      200: { description: 'The budgets', content: json('Budgets') },
      ...problems({ 400: 'Not a cursor', ...MAY }),
    },
  }
}

function setBudgetOperation() {
  return {
    operationId: 'setBudget',
    summary:
      'What may be sent or spent in a day or month; in force within a second. Without `admin` what holds may only be made stricter',
    requestBody: { required: true, content: json('SetBudget') },
    responses: {
      200: { description: 'The budget', content: json('Budget') },
      ...problems({
        400: 'Not the schema',
        ...MAY,
        403: 'The key lacks the scope `operate`, or the budget would loosen what holds',
        409: 'The client has as many budgets as it may',
      }),
    },
  }
}

function deleteBudgetOperation() {
  return {
    operationId: 'deleteBudget',
    summary: 'From now on it holds nothing back',
    parameters: [pathParameter('id')],
    responses: {
      204: { description: 'Done' },
      ...problems({
        ...MAY,
        403: 'The key lacks the scope `operate`, or the budget is not its to remove',
        404: 'No such budget of yours',
      }),
    },
  }
}
