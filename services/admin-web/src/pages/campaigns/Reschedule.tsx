import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import type { CampaignResponse } from '@sms-gateway/contracts/campaigns'
import { request } from '../../api/request.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { CAMPAIGNS, pathOf } from './api.ts'
import { formWords } from './form-words.ts'
import type { When } from './plan.ts'
import { mayReschedule, toScheduleRequest, whenOf } from './schedule.ts'
import { scheduleWords } from './schedule-words.ts'
import { ScheduleFields } from './ScheduleFields.tsx'

const STARTS = ['at', 'again'] as const

/** Another time, for one that has not begun. */
export function Reschedule({ campaign }: { campaign: CampaignResponse }) {
  const words = useWords(scheduleWords)
  if (!mayReschedule(campaign)) return null
  return (
    <FormButton label={words.change} title={words.changeOf(campaign.name)} icon="clock" isQuiet>
      {(close) => <ScheduleForm campaign={campaign} onSaved={close} />}
    </FormButton>
  )
}

function ScheduleForm({ campaign, onSaved }: { campaign: CampaignResponse; onSaved: () => void }) {
  const words = useWords(scheduleWords)
  const { starts } = useWords(formWords)
  const [when, setWhen] = useState<When>(() => whenOf(campaign))
  const [isTried, setTried] = useState(false)
  const wanted = toScheduleRequest(when)
  const change = (part: Partial<When>) => {
    setWhen((now) => ({ ...now, ...part }))
  }
  const save = useSave({
    save: (body: object) => request(pathOf(campaign.id, '/schedule'), { method: 'PUT', body }),
    stale: [CAMPAIGNS],
    said: words.changed,
    onSaved,
  })
  return (
    <Fields
      error={save.error}
      isSaving={save.isPending}
      saveLabel={words.change}
      submit={() => {
        setTried(true)
        if (wanted) save.mutate(wanted)
      }}
    >
      {campaign.status === 'draft' && <Text c="dimmed">{words.draft}</Text>}
      <SegmentedControl
        aria-label={words.start}
        value={when.start}
        data={STARTS.map((value) => ({ value, label: starts[value] }))}
        style={{ alignSelf: 'flex-start' }}
        onChange={(value) => {
          change({ start: STARTS.find((each) => each === value) ?? 'at' })
        }}
      />
      <ScheduleFields
        when={when}
        change={change}
        error={isTried && !wanted ? words.needed : undefined}
      />
    </Fields>
  )
}
