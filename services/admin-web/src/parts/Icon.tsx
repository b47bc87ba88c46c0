/** Strokes on a grid of 24. Drawn here: a dozen shapes are not worth a package of thousands. */
const SHAPES = {
  overview: 'M4 13a8 8 0 1 1 16 0M12 13l4-4M4 13v3h16v-3',
  messages: 'M4 5h16v11H10l-4 4v-4H4z M8 9h8 M8 12h5',
  doubt:
    'M9 9a3 3 0 1 1 4 2.800c-.700.300-1 .900-1 1.700 M12 17v.01 M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18',
  failed: 'M12 4l9 16H3z M12 10v4 M12 17v.01',
  template: 'M5 3h14v18H5z M8 8h8 M8 12h8 M8 16h5',
  campaign: 'M4 10v4h3l7 4V6l-7 4z M17 9a4 4 0 0 1 0 6',
  chart: 'M4 20V4 M4 20h16 M8 16v-4 M12 16V8 M16 16v-6',
  provider: 'M12 20v-8 M8 16a5.500 5.500 0 1 1 8 0 M5 19a10 10 0 1 1 14 0 M12 12v.01',
  conversation: 'M3 5h12v8H8l-3 3v-3H3z M18 9h3v8h-2v3l-3-3h-5',
  consent: 'M12 3l8 3v6c0 5-4 8-8 9c-4-1-8-4-8-9V6z M8.500 12l2.500 2.500l4.500-4.500',
  audit: 'M6 3h9l4 4v14H6z M9 9h5 M9 13h7 M9 17h7',
  key: 'M14 4a6 6 0 1 1-3.500 10.900L8 17H6v2H3v-3l6.200-6.200A6 6 0 0 1 14 4 M16 8v.01',
  privacy:
    'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18 M12 8a2.500 2.500 0 1 1 0 5a2.500 2.500 0 0 1 0-5 M7 18c1-2.500 3-3.500 5-3.500s4 1 5 3.500',
  money:
    'M12 4v16 M16 7.500c-1-1-2.500-1.500-4-1.500c-2.500 0-4 1.200-4 3c0 4 8 2 8 6c0 1.800-1.500 3-4 3c-1.500 0-3-.500-4-1.500',
  bell: 'M6 16V11a6 6 0 1 1 12 0v5l2 2H4z M10 21h4',
  callback: 'M9 7a4 4 0 1 1 6 3.500l3 5 M15 17H8.500a4 4 0 1 1-2-4 M10 10l-3 6',
  settings: 'M4 7h10 M18 7h2 M4 17h2 M10 17h10 M16 5v4 M8 15v4',
  menu: 'M4 7h16 M4 12h16 M4 17h16',
  close: 'M6 6l12 12 M18 6L6 18',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  double: 'M2 12.500l4.500 4.500L15 8 M10 15.500l1.500 1.500L21 8',
  cross: 'M7 7l10 10 M17 7L7 17',
  clock: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18 M12 7v5l3.500 2',
  pause: 'M9 6v12 M15 6v12',
  play: 'M8 5l11 7l-11 7z',
  arrow: 'M5 12h14 M13 6l6 6l-6 6',
  back: 'M19 12H5 M11 6l-6 6l6 6',
  block: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18 M6 6l12 12',
  dot: 'M12 8a4 4 0 1 1 0 8a4 4 0 0 1 0-8M12 11a1 1 0 1 1 0 2a1 1 0 0 1 0-2',
  eye: 'M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7 M12 9a3 3 0 1 1 0 6a3 3 0 0 1 0-6',
  eyeOff:
    'M4 4l16 16 M9.500 5.300A10 10 0 0 1 12 5c4 0 7 2 10 7a18 18 0 0 1-3 3.700 M6 7.500A17 17 0 0 0 2 12c3 5 6 7 10 7c1.500 0 2.800-.300 4-.800',
  search: 'M11 4a7 7 0 1 1 0 14a7 7 0 0 1 0-14 M16 16l5 5',
  filter: 'M4 5h16l-6 8v6l-4-2v-4z',
  refresh: 'M20 11a8 8 0 0 0-14-4L4 9 M4 4v5h5 M4 13a8 8 0 0 0 14 4l2-2 M20 20v-5h-5',
  plus: 'M12 5v14 M5 12h14',
  trash: 'M4 7h16 M9 7V4h6v3 M6 7l1 13h10l1-13 M10 11v5 M14 11v5',
  edit: 'M4 20h4L19 9l-4-4L4 16z M13 7l4 4',
  copy: 'M9 9h11v11H9z M5 15H4V4h11v1',
  download: 'M12 4v11 M7 11l5 5l5-5 M4 20h16',
  upload: 'M12 16V5 M7 9l5-5l5 5 M4 20h16',
  sun: 'M12 8a4 4 0 1 1 0 8a4 4 0 0 1 0-8 M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.500 1.500 M17.500 17.500L19 19 M19 5l-1.500 1.500 M6.500 17.500L5 19',
  moon: 'M20 14A8 8 0 1 1 10 4a6.500 6.500 0 0 0 10 10',
  system: 'M3 5h18v11H3z M8 20h8 M12 16v4',
  language: 'M3 5h10 M8 3v2 M11 5c-1 4-4 7-8 8 M5 8c1 3 4 5 6 5 M12 21l4.500-10L21 21 M14 17h5',
  user: 'M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8 M4 20c1-4 4-5.500 8-5.500s7 1.500 8 5.500',
  leave: 'M10 4H5v16h5 M9 12h11 M16 8l4 4l-4 4',
  open: 'M14 4h6v6 M20 4l-9 9 M18 14v6H4V6h6',
  info: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18 M12 11v5 M12 8v.01',
} as const
export type IconName = keyof typeof SHAPES

/** Beside words, or in a button that has an `aria-label`: it says nothing by itself. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flexShrink: 0 }}
    >
      <path d={SHAPES[name]} />
    </svg>
  )
}
