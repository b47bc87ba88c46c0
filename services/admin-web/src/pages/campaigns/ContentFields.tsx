import {
  Autocomplete,
  Input,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
} from '@mantine/core'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { TextPreview } from '../../parts/TextPreview.tsx'
import { formWords } from './form-words.ts'
import type { Plan } from './plan.ts'

const CONTENTS = ['template', 'text'] as const
const TYPES = ['promotion', 'marketing', 'notification', 'announcement', 'payment_reminder']
const NO_VALUES = {}

/** What everybody gets, and how it reads for the first of them. */
export function ContentFields({
  plan,
  change,
  templates,
  values,
  hasRow,
}: {
  plan: Plan
  change: (part: Partial<Plan>) => void
  templates: readonly TemplateResponse[]
  /** Of the first row of the file. */
  values: Readonly<Record<string, string>>
  hasRow: boolean
}) {
  const words = useWords(formWords)
  const isTemplate = plan.content === 'template'
  const hasPreview = isTemplate ? plan.template !== '' && hasRow : plan.text.trim() !== ''
  return (
    <Section title={words.message}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="sm">
          <Input.Wrapper label={words.content} labelElement="div">
            <div>
              <SegmentedControl
                aria-label={words.content}
                value={plan.content}
                data={CONTENTS.map((value) => ({ value, label: words.contents[value] }))}
                onChange={(value) => {
                  change({ content: value === 'text' ? 'text' : 'template' })
                }}
              />
            </div>
          </Input.Wrapper>
          {isTemplate ? (
            <Select
              label={words.template}
              required
              searchable
              nothingFoundMessage={words.templateNone}
              data={templates.map(({ code, name }) => ({
                value: code,
                label: `${name} (${code})`,
              }))}
              value={plan.template === '' ? null : plan.template}
              onChange={(template) => {
                change({ template: template ?? '' })
              }}
            />
          ) : (
            <Textarea
              label={words.text}
              description={words.textHint}
              required
              autosize
              minRows={4}
              maxRows={12}
              value={plan.text}
              onChange={(event) => {
                change({ text: event.currentTarget.value })
              }}
            />
          )}
          <Autocomplete
            label={words.type}
            description={words.typeHint}
            required
            data={TYPES}
            value={plan.type}
            onChange={(type) => {
              change({ type })
            }}
          />
        </Stack>
        {hasPreview && (
          <Input.Wrapper label={words.preview} labelElement="div">
            <TextPreview
              key={plan.content}
              label={words.preview}
              code={isTemplate ? plan.template : ''}
              values={isTemplate ? values : NO_VALUES}
              {...(!isTemplate && { content: plan.text })}
            />
          </Input.Wrapper>
        )}
      </SimpleGrid>
    </Section>
  )
}
