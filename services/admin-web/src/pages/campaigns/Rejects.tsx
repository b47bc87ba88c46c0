import { Button, Text } from '@mantine/core'
import type { RejectedRowsResponse } from '@sms-gateway/contracts/campaigns'
import { toPath } from '../../api/request.ts'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { RowReason } from '../../parts/reasons.tsx'
import { Section } from '../../parts/Section.tsx'
import { pathOf } from './api.ts'
import { detailWords } from './detail-words.ts'

type Row = RejectedRowsResponse['data'][number]

/** Rows that were not taken, by their number in the file. */
export function Rejects({ id, count }: { id: string; count: number }) {
  const words = useWords(detailWords)
  return (
    <Section
      title={words.rejects}
      bare={count > 0}
      aside={
        count > 0 && (
          <Button
            component="a"
            href={toPath(pathOf(id, '/rejects'))}
            download
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
          >
            {words.download}
          </Button>
        )
      }
    >
      {count === 0 ? (
        <Text c="dimmed">{words.noRejects}</Text>
      ) : (
        // More may be refused while it runs.
        <RejectList key={count} id={id} count={count} />
      )}
    </Section>
  )
}

function RejectList({ id, count }: { id: string; count: number }) {
  const words = useWords(detailWords)
  const { number } = useFormat()
  const rejects = usePages<Row>(pathOf(id, '/rejected-rows'))
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {words.rejectsHint}
      </Text>
      <DataTable
        label={`${words.rejects}: ${number(count)}`}
        idAccessor="row"
        columns={[
          {
            accessor: 'row',
            title: words.row,
            textAlign: 'right',
            width: 90,
            render: ({ row }) => number(row),
          },
          {
            accessor: 'code',
            title: words.reason,
            render: ({ code, detail }) => <RowReason code={code} detail={detail} />,
          },
        ]}
        {...rejects}
      />
    </>
  )
}
