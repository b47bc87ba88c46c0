import { useElementSize } from '@mantine/hooks'
import type { ExperimentResponse } from '@sms-gateway/contracts/experiments'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { testWords } from './test-words.ts'
import { type Arm, intervalOf, positionOf, toScale } from './whiskers.ts'

const ROW = 40
const AXIS = 26
const LABELS = 120
const MARGIN = 28

/** Each arm's share as a dot, and the interval about it as whiskers. The table beside it says the same in words. */
export function Whiskers({ experiment }: { experiment: ExperimentResponse }) {
  const words = useWords(testWords)
  const { share } = useFormat()
  const { ref, width } = useElementSize()
  const { results, metric, winner } = experiment
  const arms: readonly Arm[] = [
    ...results.variants,
    ...(results.hold_out ? [results.hold_out] : []),
  ]
  const scale = toScale(arms.map((arm) => intervalOf(arm, metric)))
  const x = (value: number) => LABELS + positionOf(value, scale) * (width - LABELS - MARGIN)
  const height = arms.length * ROW + AXIS
  return (
    <div ref={ref}>
      {width > 0 && (
        <svg
          role="img"
          aria-label={words.chart(words.metrics[metric])}
          width={width}
          height={height}
          style={{ display: 'block', overflow: 'visible' }}
        >
          {scale.ticks.map((tick) => (
            <g key={tick}>
              <line x1={x(tick)} x2={x(tick)} y1={0} y2={height - AXIS} stroke="var(--line)" />
              <text
                x={x(tick)}
                y={height - 6}
                textAnchor="middle"
                fontSize={11}
                fill="var(--quiet)"
              >
                {share(tick)}
              </text>
            </g>
          ))}
          {arms.map((arm, index) => (
            <ArmRow
              key={index}
              arm={arm}
              y={index * ROW + ROW / 2}
              interval={intervalOf(arm, metric)}
              {...{ x }}
              isHoldOut={arm === results.hold_out}
              isWinner={arm !== results.hold_out && arm.variant === winner}
            />
          ))}
        </svg>
      )}
    </div>
  )
}

function ArmRow({
  arm,
  y,
  x,
  interval: { share: point, low, high },
  isHoldOut,
  isWinner,
}: {
  arm: Arm
  y: number
  x: (share: number) => number
  interval: ReturnType<typeof intervalOf>
  isHoldOut: boolean
  isWinner: boolean
}) {
  const words = useWords(testWords)
  const { share } = useFormat()
  const color = isWinner ? 'var(--good)' : isHoldOut ? 'var(--still)' : 'var(--busy)'
  return (
    <g>
      <text x={0} y={y + 4} fontSize={13} fontWeight={isWinner ? 650 : 500} fill="var(--ink)">
        {isHoldOut ? words.heldOut(arm.variant) : arm.variant}
      </text>
      {point === null ? (
        <text x={LABELS} y={y + 4} fontSize={12} fill="var(--quiet)">
          {words.none}
        </text>
      ) : (
        <g stroke={color} strokeWidth={2}>
          <line x1={x(low)} x2={x(high)} y1={y} y2={y} />
          <line x1={x(low)} x2={x(low)} y1={y - 5} y2={y + 5} />
          <line x1={x(high)} x2={x(high)} y1={y - 5} y2={y + 5} />
          <circle cx={x(point)} cy={y} r={5} fill={color} stroke="var(--surface)" />
          <text
            x={x(point)}
            y={y - 10}
            textAnchor="middle"
            fontSize={11}
            stroke="none"
            fill="var(--ink)"
          >
            {share(point)}
          </text>
        </g>
      )}
    </g>
  )
}
