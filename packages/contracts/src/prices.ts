import { z } from 'zod'
import { ANY_COUNTRY, CURRENCY, readDecimal } from '@sms-gateway/domain/money'
import { ProviderName } from '@sms-gateway/domain/provider'

const Amount = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})?$/)
  .refine((text) => readDecimal(text) !== undefined)
  .describe('New Taiwan dollars, such as "0.70": up to three decimals')

const PRICE = {
  provider: ProviderName,
  country: z
    .string()
    .regex(/^(?:[A-Z]{2}|\*)$/)
    .describe('ISO 3166; * is every country without a price of its own'),
}

/** `PUT /prices` */
export const SetPriceRequest = z.strictObject({
  ...PRICE,
  country: PRICE.country.default(ANY_COUNTRY),
  amount: Amount,
  valid_from: z.iso.datetime({ offset: true }).optional().describe('now, where it is left out'),
})

export const PriceResponse = z.object({
  ...PRICE,
  price: z.object({ amount: z.string(), currency: z.literal(CURRENCY) }).describe('a segment'),
  valid_from: z.iso.datetime({ offset: true }),
  in_force: z.boolean(),
})
export type PriceResponse = z.infer<typeof PriceResponse>

export const PricesResponse = z.object({
  data: z.array(PriceResponse),
  next_cursor: z.string().nullable(),
})
export type PricesResponse = z.infer<typeof PricesResponse>
