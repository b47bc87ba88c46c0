import { SimpleGrid, Stack, Table, Text } from '@mantine/core'
import type { ImportResponse } from '@sms-gateway/contracts/opt-outs'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Figure } from '../../parts/Figure.tsx'
import { RowReason } from '../../parts/reasons.tsx'
import { csvWords } from './csv-words.ts'

/** How many rows did what, and why the bad ones were rejected; the row of the column names is 1. */
export function ImportReport({ report }: { report: ImportResponse }) {
  const words = useWords(csvWords)
  const { number } = useFormat()
  const { rows, imported, unchanged, rejected, rejects, ignored_columns: ignored } = report
  return (
    <Stack role="status" aria-label={words.report}>
      <SimpleGrid component="dl" m={0} cols={2}>
        <Figure label={words.read} value={number(rows)} />
        <Figure label={words.imported} value={number(imported)} />
        <Figure label={words.unchanged} value={number(unchanged)} />
        <Figure label={words.rejected} value={number(rejected)} />
      </SimpleGrid>
      {ignored.length > 0 && (
        <Text size="sm" c="var(--wait)">
          {words.ignored(ignored.join(', '))}
        </Text>
      )}
      {rejects.length > 0 && (
        <div
          role="region"
          aria-label={words.rejects}
          tabIndex={0}
          style={{ maxHeight: 280, overflowY: 'auto' }}
        >
          <Table aria-label={words.rejects} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col" className="number">
                  {words.row}
                </Table.Th>
                <Table.Th scope="col">{words.reason}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rejects.map(({ row, code, detail }) => (
                <Table.Tr key={row}>
                  <Table.Td className="number">{number(row)}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <RowReason code={code} detail={detail} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {rejects.length < rejected && (
        <Text size="sm">{words.firstRejects(number(rejects.length))}</Text>
      )}
    </Stack>
  )
}
