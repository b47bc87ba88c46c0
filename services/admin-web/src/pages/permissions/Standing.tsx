import { Group, Stack, Text } from '@mantine/core'
import type { ConsentsResponse } from '@sms-gateway/contracts/consents'
import { useWords } from '../../i18n/words.ts'
import { Facts } from '../../parts/Facts.tsx'
import { Section } from '../../parts/Section.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { LiftOptOut } from './LiftOptOut.tsx'
import { RecordConsent } from './RecordConsent.tsx'
import { words as pageWords } from './words.ts'

/** What holds for a person now, and what can be done about it. */
export function Standing({ phone, person }: { phone: string; person: ConsentsResponse }) {
  const words = useWords(pageWords)
  const { opt_outs: optOuts, consents } = person
  return (
    <Section title={words.stands} aside={<RecordConsent phone={phone} />}>
      <Facts
        facts={[
          [
            words.phone,
            <span key="phone" className="mono">
              {phone}
            </span>,
          ],
          [
            words.optOuts,
            optOuts.length === 0 ? (
              <Mark tone="good" icon="check">
                {words.notOptedOut}
              </Mark>
            ) : (
              <Stack gap={6} align="flex-start">
                {optOuts.map((kind) => (
                  <Group key={kind} gap="sm">
                    <Mark tone="bad" icon="block">
                      {words.kinds[kind]}
                    </Mark>
                    <LiftOptOut phone={phone} kind={kind} />
                  </Group>
                ))}
              </Stack>
            ),
          ],
          [words.marketing, <Granted key="m" granted={person.marketing_consent} />],
          ...consents.map(
            (consent) =>
              [
                `${words.consents}: ${words.kinds[consent.kind]}`,
                <div key={consent.kind}>
                  <Granted granted={consent.granted} />
                  <Text size="sm" c="dimmed">
                    {words.sources[consent.source] ?? consent.source} · {words.wording}{' '}
                    {consent.wording_version} · <Time at={consent.at} />
                  </Text>
                  {consent.proof !== null && (
                    <Text size="sm">
                      {words.proof}: {consent.proof}
                    </Text>
                  )}
                </div>,
              ] as const,
          ),
        ]}
      />
    </Section>
  )
}

function Granted({ granted }: { granted: boolean | null }) {
  const words = useWords(pageWords)
  if (granted === null) {
    return (
      <Mark tone="still" icon="info">
        {words.notRecorded}
      </Mark>
    )
  }
  return granted ? (
    <Mark tone="good" icon="check">
      {words.granted}
    </Mark>
  ) : (
    <Mark tone="bad" icon="cross">
      {words.refused}
    </Mark>
  )
}
