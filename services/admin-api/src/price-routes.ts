import { Router } from 'express'
import {
  type PriceResponse,
  type PricesResponse,
  SetPriceRequest,
} from '@sms-gateway/contracts/prices'
import type { Db } from '@sms-gateway/db/connect'
import { listPrices, setPrice } from '@sms-gateway/db/prices'
import {
  CURRENCY,
  type Price,
  type PriceList,
  readDecimal,
  toDecimal,
} from '@sms-gateway/domain/money'
import { type Authenticate, requireScope } from '@sms-gateway/service-kit/api-auth'
import type { Audited } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'

export interface PriceDeps {
  db: Db
  authenticate: Authenticate
  audited: Audited
  now: () => Date
}

const PRICES = '/api/v1/sms/prices'
/** A clock that is a little behind ours is no reason to refuse a price that is to hold "now". */
const GRACE_MS = 60_000

/** They hold for every client, so only `admin` sets them. */
export function priceRoutes({ db, authenticate, audited, now }: PriceDeps): Router {
  const mayRead = requireScope(authenticate, 'operate')
  const maySet = requireScope(authenticate, 'admin')
  return Router()
    .get(PRICES, mayRead, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const prices = await listPrices(db)
      const start =
        cursor === undefined ? 0 : prices.findIndex((each) => keyOf(each) === cursor) + 1
      const page = prices.slice(start, start + limit)
      const last = page.at(-1)
      const answer: PricesResponse = {
        data: page.map((price) => toResponse(price, prices, now())),
        next_cursor: last && start + limit < prices.length ? keyOf(last) : null,
      }
      res.json(answer)
    })
    .put(PRICES, maySet, audited('price.set'), jsonBody(), async (req, res) => {
      const request = parseRequest(SetPriceRequest, req.body)
      const { provider, country, amount, valid_from: validFrom } = request
      const at = now()
      const from = validFrom === undefined ? at : new Date(validFrom)
      if (from.getTime() < at.getTime() - GRACE_MS) {
        const detail = 'valid_from has passed: what was sent then was charged already.'
        throw new HttpProblem('price-in-past', detail)
      }
      const price: Price = { provider, country, milli: readDecimal(amount) ?? 0, validFrom: from }
      await setPrice(db, price)
      res.json(toResponse(price, await listPrices(db), at))
    })
}

function keyOf({ provider, country, validFrom }: Price): string {
  return `${provider}.${country}.${validFrom.getTime()}`
}

function toResponse(price: Price, prices: PriceList, at: Date): PriceResponse {
  const { provider, country, milli, validFrom } = price
  const isOvertaken = prices.some(
    (other) =>
      other.provider === provider &&
      other.country === country &&
      other.validFrom > validFrom &&
      other.validFrom <= at,
  )
  return {
    provider,
    country,
    price: { amount: toDecimal(milli), currency: CURRENCY },
    valid_from: validFrom.toISOString(),
    in_force: validFrom <= at && !isOvertaken,
  }
}
