import type { CampaignResults, Canary, HaltThresholds } from './campaign-judgement.ts'
import type { Pace } from './campaign-progress.ts'
import type { CampaignStatus } from './campaign-status.ts'
import type { DeliverWindow } from './deliver-window.ts'
import type { CampaignId } from './ids.ts'
import type { Lane } from './lane.ts'
import type { TemplateData } from './template.ts'

/** What everybody in a campaign gets: a text as it stands, or one version of a template. */
export type CampaignContent =
  | { kind: 'text'; text: string }
  | { kind: 'template'; templateCode: string; templateVersion: number }

/** A campaign as it was asked for. */
export interface CampaignPlan {
  name: string
  content: CampaignContent
  messageType: string
  lane: Lane
  /** Of recipients that name none. */
  customerId: string | null
  window: DeliverWindow | null
  /** Whose clocks its schedule goes by. */
  timeZone: string
  scheduleAt: Date | null
  cron: string | null
  missedAfterSeconds: number
  thresholds: HaltThresholds
}

export interface NewCampaign extends CampaignPlan {
  id: CampaignId
  clientId: string
  createdAt: Date
}

export interface Campaign extends NewCampaign {
  status: CampaignStatus
  reason: { code: string; detail: string } | null
  canary: Canary | null
  recipients: number
  /** Rows that could not be taken. */
  rejects: number
  duplicates: number
  /** Of all recipients together. */
  segments: number
  /** The number of the run that is under way or was last; 0 before the first. */
  run: number
  handed: number
  suppressed: number
  refused: number
  /** The messages of this run have ids from here on; null in the first. */
  runFloor: string | null
  canaryOpen: boolean
  canaryHandedAt: Date | null
  judgedFrom: CampaignResults | null
  pace: Pace | null
  nextRunAt: Date | null
  startedAt: Date | null
  stoppedAt: Date | null
  finishedAt: Date | null
  updatedAt: Date
}

/** One person of a campaign, as the ledger keeps them. */
export interface CampaignRecipient {
  /** As in the file that was uploaded: the header is row 1. Of a JSON list the first is row 1. */
  row: number
  phone: string
  customerId: string | null
  data: TemplateData
}
