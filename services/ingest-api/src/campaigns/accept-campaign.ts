import type { Request, Response } from 'express'
import type { AcceptResult } from '@sms-gateway/acceptance/accept-message'
import { findRepeated } from '@sms-gateway/acceptance/find-repeated'
import { type CampaignFields, CampaignRequest } from '@sms-gateway/contracts/campaign-request'
import { dropUpload } from '@sms-gateway/db/campaign-uploads'
import { type CampaignId, createCampaignId } from '@sms-gateway/domain/ids'
import { clientOf } from '@sms-gateway/service-kit/api-auth'
import { tellSubject } from '@sms-gateway/service-kit/audited'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import type { Release } from '@sms-gateway/service-kit/semaphore'
import { idempotencyKeyOf, requireSending, sendAccepted } from '../answers.ts'
import type { CampaignDeps } from './campaign-deps.ts'
import { createCampaign } from './create-campaign.ts'
import { ColumnsMissingError, readCsvRows } from './csv-rows.ts'
import { decodeTexts } from './file-encoding.ts'
import { readFormFields } from './form-fields.ts'
import { readJsonRows } from './json-rows.ts'
import type { RowSource } from './load-recipients.ts'
import { storeUpload } from './store-upload.ts'
import { readUpload } from './stored-file.ts'
import type { UploadLimits } from './upload-limits.ts'

export interface AcceptCampaignDeps extends CampaignDeps {
  /** `SMS_ENABLED`. */
  sendingEnabled: boolean
}

const PATH = '/api/v1/sms/campaigns'

export async function acceptJson(
  deps: AcceptCampaignDeps,
  req: Request,
  res: Response,
  signal: AbortSignal,
): Promise<void> {
  const { recipients, ...fields } = parseRequest(CampaignRequest, req.body)
  await accept(deps, req, res, {
    id: createCampaignId(deps.now()),
    fields,
    body: req.body,
    rows: () => readJsonRows(recipients),
    signal,
  })
}

export interface UploadTerms {
  limits: UploadLimits
  /** The caller has hung up. */
  signal: AbortSignal
  /** Waits until there is room to write a ledger: not before the file is here, however slowly it comes. */
  takeTurn: () => Promise<Release>
}

export async function acceptUpload(
  deps: AcceptCampaignDeps,
  req: Request,
  res: Response,
  { limits, signal, takeTurn }: UploadTerms,
): Promise<void> {
  const id = createCampaignId(deps.now())
  try {
    const { fields: texts, file } = await storeUpload(deps, req, { uploadId: id, limits })
    const { column_map: columnMap, ...fields } = readFormFields(texts)
    if (!file) throw new HttpProblem('invalid-upload', 'The form has no file: send it as "file".')
    const release = await takeTurn()
    try {
      await accept(deps, req, res, {
        id,
        fields,
        body: { ...texts, file: file.digest },
        rows: () => readCsvRows(decodeTexts(readUpload(deps, id, file), file.encoding), columnMap),
        signal,
      })
    } finally {
      release()
    }
  } finally {
    // Where this fails the scheduler takes it away within the hour.
    await dropUpload(deps.db, id).catch(() => undefined)
  }
}

interface Asked {
  id: CampaignId
  fields: CampaignFields
  body: unknown
  rows: () => RowSource
  signal: AbortSignal
}

async function accept(
  deps: AcceptCampaignDeps,
  req: Request,
  res: Response,
  { rows, ...asked }: Asked,
): Promise<void> {
  if (!asked.fields.draft) requireSending(deps.sendingEnabled)
  const { clientId } = clientOf(res)
  const command = { ...asked, clientId, path: PATH, idempotencyKey: idempotencyKeyOf(req) }
  tellSubject(res, { kind: 'campaign', id: asked.id })
  const repeated = await findRepeated(deps, command, deps.now())
  sendAccepted(res, repeated ?? (await create(deps, command, rows())))
}

async function create(
  deps: AcceptCampaignDeps,
  command: Parameters<typeof createCampaign>[1],
  rows: RowSource,
): Promise<AcceptResult> {
  const created = await createCampaign(deps, command, rows).catch(refuseColumns)
  switch (created.kind) {
    case 'accepted':
      return created
    case 'key-used':
      return (await findRepeated(deps, command, deps.now())) ?? { kind: 'in-progress' }
    case 'refused':
      throw new HttpProblem(created.code, created.detail)
  }
}

function refuseColumns(err: unknown): never {
  if (!(err instanceof ColumnsMissingError)) throw err
  const columns = err.columns.map((column) => ({
    path: `column_map.${column}`,
    message: 'the file has no such column',
  }))
  throw new HttpProblem('column-missing', 'The header of the file lacks a column: see errors.', {
    extra: { errors: columns },
  })
}
