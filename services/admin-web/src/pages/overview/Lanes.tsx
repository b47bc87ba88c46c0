import { Table, Text } from '@mantine/core'
import type { OverviewLane } from '@sms-gateway/contracts/overview'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Dash } from '../../parts/values.tsx'
import { words as pageWords } from './words.ts'

/** What waits, for how long, and until when. */
export function Lanes({ lanes }: { lanes: readonly OverviewLane[] }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Table.ScrollContainer minWidth={300} type="native">
      <Table aria-label={words.lanes} verticalSpacing={6} horizontalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{words.lane}</Table.Th>
            {[words.depth, words.oldest, words.perMinute, words.left].map((title) => (
              <Table.Th key={title} scope="col" className="number">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lanes.map((lane) => (
            <Table.Tr key={lane.lane}>
              <Table.Th scope="row">{words.laneNames[lane.lane]}</Table.Th>
              <Table.Td className="number">{number(lane.depth)}</Table.Td>
              <Table.Td className="number">
                <Seconds value={lane.oldest_seconds} />
              </Table.Td>
              <Table.Td className="number">{number(lane.per_minute)}</Table.Td>
              <Table.Td className="number">
                {lane.depth > 0 && lane.seconds_left === null ? (
                  <Text span inherit c="var(--wait)">
                    {words.stuck}
                  </Text>
                ) : (
                  <Seconds value={lane.depth === 0 ? null : lane.seconds_left} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Seconds({ value }: { value: number | null }) {
  const { duration } = useFormat()
  return value === null ? <Dash /> : duration(value)
}
