import { Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { useSearchParams } from 'react-router'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Section } from '../../parts/Section.tsx'
import { Time } from '../../parts/values.tsx'
import { pathOf } from './api.ts'
import { versionWords } from './version-words.ts'
import { VersionDiff } from './VersionDiff.tsx'
import { Author, VersionActions, VersionCard, VersionName } from './VersionRow.tsx'
import { words as pageWords } from './words.ts'

/** Every version there was, what differs between two, and the way back to one. */
export function VersionsTab({ code, version: current }: TemplateResponse) {
  const words = useWords(versionWords)
  const [params, setParams] = useSearchParams()
  const from = Number(params.get('from') ?? Math.max(1, current - 1))
  const to = Number(params.get('to') ?? current)
  const versions = usePages<TemplateResponse>(pathOf(code, '/versions'))
  const compare = (older: number, newer: number) => {
    setParams({ tab: 'versions', from: String(older), to: String(newer) }, { replace: true })
  }
  const columns = useColumns(current, (version) => {
    compare(version, current)
  })
  if (current === 1) return <Text c="dimmed">{words.only}</Text>
  return (
    <Stack gap="lg">
      <Section title={words.compare}>
        <SimpleGrid cols={{ base: 2, xs: 3 }} mb="md">
          <VersionSelect
            label={words.from}
            value={from}
            {...{ current }}
            onChange={(older) => {
              compare(older, to)
            }}
          />
          <VersionSelect
            label={words.to}
            value={to}
            {...{ current }}
            onChange={(newer) => {
              compare(from, newer)
            }}
          />
        </SimpleGrid>
        <VersionDiff {...{ code, from, to }} />
      </Section>
      <Section title={words.versions} bare>
        <DataTable
          label={`${words.versions}: ${code}`}
          idAccessor="version"
          columns={columns}
          {...versions}
          card={(template) => (
            <VersionCard
              {...{ template, current }}
              onCompare={() => {
                compare(template.version, current)
              }}
            />
          )}
        />
      </Section>
    </Stack>
  )
}

function VersionSelect({
  label,
  value,
  current,
  onChange,
}: {
  label: string
  value: number
  current: number
  onChange: (version: number) => void
}) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Select
      label={label}
      allowDeselect={false}
      searchable={current > 20}
      value={String(value)}
      data={Array.from({ length: current }, (_, index) => ({
        value: String(current - index),
        label: words.version(number(current - index)),
      }))}
      onChange={(text) => {
        if (text !== null) onChange(Number(text))
      }}
    />
  )
}

function useColumns(
  current: number,
  onCompare: (version: number) => void,
): DataTableColumn<TemplateResponse>[] {
  const words = useWords(versionWords)
  const page = useWords(pageWords)
  return [
    {
      accessor: 'version',
      title: page.columns.version,
      render: (template) => <VersionName {...{ template, current }} />,
    },
    {
      accessor: 'created_at',
      title: page.columns.changed,
      render: ({ created_at: at }) => <Time at={at} />,
    },
    {
      accessor: 'author',
      title: words.by,
      render: ({ author }) => <Author author={author} />,
    },
    {
      accessor: 'actions',
      title: '',
      textAlign: 'right',
      render: (template) => (
        <VersionActions
          {...{ template, current }}
          onCompare={() => {
            onCompare(template.version)
          }}
        />
      ),
    },
  ]
}
