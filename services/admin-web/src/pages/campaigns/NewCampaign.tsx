import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import type { TemplatesResponse } from '@sms-gateway/contracts/templates'
import { request } from '../../api/request.ts'
import { useWords } from '../../i18n/words.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Refusal } from '../../parts/states.tsx'
import { CAMPAIGNS, createDraft } from './api.ts'
import { ContentFields } from './ContentFields.tsx'
import type { CsvHead } from './csv-head.ts'
import { FileFields } from './FileFields.tsx'
import { formWords } from './form-words.ts'
import { guessMapping, keepChoices, type Mapping, valuesOf } from './mapping.ts'
import { missingOf, NEW_PLAN, type Plan, toFields } from './plan.ts'
import { SafetyFields } from './SafetyFields.tsx'
import { TimeFields } from './TimeFields.tsx'

export interface ListFile {
  file: File
  /** Undefined where no column can be read. */
  head: CsvHead | undefined
}

/** From a file to a draft. It is sent on the draft's own page, which says what it would take. */
export function NewCampaign() {
  const words = useWords(formWords)
  const [plan, setPlan] = useState(NEW_PLAN)
  const [list, setList] = useState<ListFile | null>(null)
  const [chosen, setChosen] = useState<Mapping>({})
  const templates = useQuery({
    queryKey: ['/templates', 'to choose from'],
    queryFn: ({ signal }) =>
      request<TemplatesResponse>('/templates', { query: { active: true, limit: 500 }, signal }),
  })
  const template = templates.data?.data.find(({ code }) => code === plan.template)
  const isTemplate = plan.content === 'template'
  const needed = isTemplate ? (template?.variants.filter(({ active }) => active) ?? []) : []
  const variables = [...new Set(needed.flatMap((each) => each.variables))]
  const required = [...new Set(needed.flatMap((each) => each.required_variables))]
  const headers = list?.head?.headers ?? []
  const mapping = keepChoices(guessMapping(headers, variables), chosen, headers)
  const change = (part: Partial<Plan>) => {
    setPlan({ ...plan, ...part })
  }
  return (
    <>
      <PageHeader title={words.title} description={words.description} />
      <Stack gap="lg">
        <TextInput
          label={words.name}
          required
          maxLength={100}
          className="surface"
          p="md"
          value={plan.name}
          onChange={(event) => {
            change({ name: event.currentTarget.value })
          }}
        />
        <ContentFields
          {...{ plan, change }}
          templates={templates.data?.data ?? []}
          values={valuesOf(headers, list?.head?.rows[0] ?? [], mapping)}
          hasRow={list?.head?.rows[0] !== undefined}
        />
        <FileFields
          list={list}
          mapping={mapping}
          unmapped={required.filter((name) => (mapping[name] ?? null) === null)}
          onFile={setList}
          onMap={(field, header) => {
            setChosen({ ...chosen, [field]: header })
          }}
        />
        <TimeFields {...{ plan, change }} />
        <SafetyFields {...{ plan, change }} />
        <Upload {...{ plan, list, mapping }} />
      </Stack>
    </>
  )
}

function Upload({ plan, list, mapping }: { plan: Plan; list: ListFile | null; mapping: Mapping }) {
  const words = useWords(formWords)
  const navigate = useNavigate()
  const client = useQueryClient()
  const [error, setError] = useState<unknown>(null)
  const [isUploading, setUploading] = useState(false)
  const missing = missingOf(plan, list?.head !== undefined, mapping)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!list) return
    setUploading(true)
    setError(null)
    try {
      const { id } = await createDraft(toFields(plan, mapping), list.file)
      await client.invalidateQueries({ queryKey: [CAMPAIGNS, 'list'] })
      await navigate(`/campaigns/${id}`, { replace: true })
    } catch (err) {
      setError(err)
      setUploading(false)
    }
  }
  return (
    <form className="surface" onSubmit={(event) => void submit(event)}>
      <Stack gap="xs" p="md">
        <Refusal error={error} />
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed" role="status">
            {isUploading
              ? words.uploading
              : missing.length > 0 &&
                words.missing + missing.map((name) => words.missingFields[name]).join('、')}
          </Text>
          <Button type="submit" loading={isUploading} disabled={missing.length > 0}>
            {words.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
