import { Stack, Text, Title } from '@mantine/core'
import type { RouteAnswerResponse } from '@sms-gateway/contracts/route-question'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { Facts } from '../../parts/Facts.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Dash, Money, Time } from '../../parts/values.tsx'
import { simulationWords } from './simulation-words.ts'

/** Where it would go, and why the others would not get it. */
export function RouteAnswer({ answer }: { answer: RouteAnswerResponse }) {
  const words = useWords(simulationWords)
  const { share } = useFormat()
  const candidates = answer.candidates.map((each, index) => ({ ...each, place: index + 1 }))
  return (
    <Stack gap="sm">
      <Text fw={650}>
        {answer.provider === null ? words.goesNowhere : words.goesTo(answer.provider)}
      </Text>
      <Facts
        facts={[
          [words.mode, words.modes[answer.mode]],
          [
            words.because,
            <span key="reason" lang="en">
              {answer.reason}
            </span>,
          ],
        ]}
      />
      <DataTable
        label={words.candidates}
        rows={candidates}
        idAccessor="provider"
        columns={[
          { accessor: 'place', title: words.order, width: 70 },
          { accessor: 'provider', title: words.provider },
          {
            accessor: 'usable',
            title: words.state,
            render: ({ usable }) =>
              usable ? (
                <Mark tone="good" icon="check">
                  {words.usable}
                </Mark>
              ) : (
                <Mark tone="bad" icon="block">
                  {words.notUsable}
                </Mark>
              ),
          },
          {
            accessor: 'why',
            title: words.why,
            render: ({ why }) => <span lang="en">{why}</span>,
          },
          {
            accessor: 'share',
            title: words.share,
            textAlign: 'right',
            render: ({ share: part }) => (part === null ? <Dash /> : share(part)),
          },
          {
            accessor: 'cost',
            title: words.cost,
            textAlign: 'right',
            render: ({ cost }) => <Money {...cost} />,
          },
        ]}
      />
      {answer.decisions.length > 0 && (
        <>
          <Title order={3}>{words.decisions}</Title>
          <DataTable
            label={words.decisions}
            rows={answer.decisions}
            idAccessor="at"
            columns={[
              { accessor: 'at', title: words.at, render: ({ at }) => <Time at={at} /> },
              { accessor: 'preferred', title: words.preferred },
              {
                accessor: 'reason',
                title: words.why,
                render: ({ reason }) => <span lang="en">{reason}</span>,
              },
            ]}
          />
        </>
      )}
    </Stack>
  )
}
