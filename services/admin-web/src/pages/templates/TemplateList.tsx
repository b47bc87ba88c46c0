import { Button, Group, SegmentedControl } from '@mantine/core'
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
import { Time } from '../../parts/values.tsx'
import { TEMPLATES } from './api.ts'
import { SearchInput } from './SearchInput.tsx'
import { CodeLink, State, TemplateCard, Variants } from './TemplateCard.tsx'
import { words as pageWords } from './words.ts'

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
