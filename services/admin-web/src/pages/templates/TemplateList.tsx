import { Anchor, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { useMay } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { TEMPLATES } from './api.ts'
import { isSendable, shareOf } from './draft.ts'
import { words as pageWords } from './words.ts'

const TYPING_MS = 300
const STATES = ['all', 'true', 'false'] as const

export function TemplateList() {
  const words = useWords(pageWords)
  const may = useMay()
  const [params, setParams] = useSearchParams()
  const search = params.get('search') ?? ''
  const active = params.get('active') ?? ''
  const templates = usePages<TemplateResponse>(TEMPLATES, { search, active })
  const isFiltered = search !== '' || active !== ''
  const set = (name: string, value: string) => {
    setParams(
      (before) => {
        before.delete(name)
        if (value !== '') before.set(name, value)
        return before
      },
      { replace: true },
    )
  }
  const add = may('templates') && (
    <Button component={Link} to="new-template" leftSection={<Icon name="plus" size={16} />}>
      {words.add}
    </Button>
  )
  return (
    <>
      <PageHeader title={words.title} description={words.description} actions={add} />
      <Group mb="sm" gap="sm" align="flex-end">
        <SearchInput
          value={search}
          onSearch={(text) => {
            set('search', text)
          }}
        />
        <SegmentedControl
          aria-label={words.state}
          value={active === '' ? 'all' : active}
          onChange={(value) => {
            set('active', value === 'all' ? '' : value)
          }}
          data={STATES.map((value) => ({ value, label: words.states[value] }))}
        />
      </Group>
      <DataTable
        label={words.title}
        idAccessor="code"
        columns={useColumns()}
        {...templates}
        card={(template) => <TemplateCard template={template} />}
        empty={
          isFiltered ? (
            <Empty
              icon="search"
              title={words.emptyFound}
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    setParams({}, { replace: true })
                  }}
                >
                  {words.clear}
                </Button>
              }
            >
              {words.emptyFoundText}
            </Empty>
          ) : (
            <Empty icon="template" title={words.empty} action={add}>
              {words.emptyText}
            </Empty>
          )
        }
      />
    </>
  )
}

function SearchInput({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const words = useWords(pageWords)
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  // Cleared from elsewhere, or by the browser's way back.
  if (known !== value) {
    setKnown(value)
    if (text.trim() !== value) setText(value)
  }
  const search = useDebouncedCallback(onSearch, TYPING_MS)
  return (
    <TextInput
      type="search"
      aria-label={words.search}
      placeholder={words.search}
      leftSection={<Icon name="search" size={16} />}
      w={{ base: '100%', xs: 280 }}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        search(event.currentTarget.value.trim())
      }}
    />
  )
}

function useColumns(): DataTableColumn<TemplateResponse>[] {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return [
    {
      accessor: 'code',
      title: words.columns.code,
      render: (template) => <CodeLink template={template} />,
    },
    { accessor: 'name', title: words.columns.name },
    {
      accessor: 'variants',
      title: words.columns.variants,
      render: (template) => <Variants template={template} />,
    },
    {
      accessor: 'active',
      title: words.columns.state,
      render: (template) => <State template={template} />,
    },
    {
      accessor: 'version',
      title: words.columns.version,
      textAlign: 'right',
      render: ({ version }) => number(version),
    },
    {
      accessor: 'created_at',
      title: words.columns.changed,
      render: ({ created_at: at }) => <Time at={at} />,
    },
  ]
}

function TemplateCard({ template }: { template: TemplateResponse }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <CodeLink template={template} />
        <State template={template} />
      </Group>
      <Text>{template.name}</Text>
      <Group justify="space-between" gap="xs">
        <Variants template={template} />
        <Text size="sm" c="dimmed">
          {words.version(number(template.version))}
        </Text>
      </Group>
    </Stack>
  )
}

function CodeLink({ template: { code } }: { template: TemplateResponse }) {
  return (
    <Anchor component={Link} to={code} className="mono" fw={550}>
      {code}
    </Anchor>
  )
}

function State({ template: { variants } }: { template: TemplateResponse }) {
  const words = useWords(pageWords)
  return variants.some(isSendable) ? (
    <Mark tone="good" icon="check">
      {words.sendable}
    </Mark>
  ) : (
    <Mark tone="still" icon="block">
      {words.idle}
    </Mark>
  )
}

function Variants({ template: { variants } }: { template: TemplateResponse }) {
  const { share } = useFormat()
  return (
    <Text span inherit c="dimmed">
      {variants.map((each) => `${each.variant} ${share(shareOf(each, variants))}`).join(' · ')}
    </Text>
  )
}
