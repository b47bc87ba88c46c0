import type { PermissionKind } from '@sms-gateway/domain/suppression'

/** What the page says. `canReturn`: the opt-out came by this link, so this link may lift it. */
export type OptOutPage =
  | { kind: 'ask'; of: PermissionKind }
  | { kind: 'done'; of: PermissionKind; canReturn: boolean }
  | { kind: 'returned'; of: PermissionKind }
  | { kind: 'forged' | 'expired' | 'away' }

export const STYLE = `
:root{color-scheme:light dark}
body{font:1.125rem/1.6 system-ui,sans-serif;margin:0;padding:1.5rem 1rem;background:#fff;color:#1a1a1a}
main{max-width:32rem;margin:0 auto}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 1rem}
p{margin:0 0 1rem;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;width:100%;min-height:3rem;padding:.75rem 1rem;border:2px solid #8a1c1c;border-radius:.5rem;background:#8a1c1c;color:#fff;cursor:pointer}
button.back{background:transparent;color:inherit;border-color:currentColor}
button:focus-visible{outline:3px solid #1a5fb4;outline-offset:3px}
[lang=en]{color:#444}
@media (prefers-color-scheme:dark){body{background:#161616;color:#f2f2f2}[lang=en]{color:#c4c4c4}}
`

interface Words {
  title: string
  chinese: string
  english: string
  button?: { action: 'opt-out' | 'opt-in'; label: string }
}

const KINDS: Record<PermissionKind, { chinese: string; english: string }> = {
  marketing: { chinese: '行銷簡訊', english: 'marketing texts' },
  all: { chinese: '所有簡訊', english: 'all texts' },
}

function toWords(page: OptOutPage): Words {
  switch (page.kind) {
    case 'ask':
      return {
        title: '停止接收簡訊 · Stop receiving texts',
        chinese: `按下按鈕後，這個門號將不再收到我們的${KINDS[page.of].chinese}。`,
        english: `Press the button, and this number gets ${KINDS[page.of].english} from us no more.`,
        button: { action: 'opt-out', label: '停止接收 · Stop' },
      }
    case 'done':
      return {
        title: '已停止 · Stopped',
        chinese: `這個門號不會再收到我們的${KINDS[page.of].chinese}。`,
        english: `This number gets ${KINDS[page.of].english} from us no more.`,
        ...(page.canReturn && {
          button: { action: 'opt-in' as const, label: '恢復接收 · Receive them again' },
        }),
      }
    case 'returned':
      return {
        title: '已恢復 · Receiving again',
        chinese: `這個門號將恢復接收我們的${KINDS[page.of].chinese}。`,
        english: `This number gets ${KINDS[page.of].english} from us again.`,
        button: { action: 'opt-out', label: '停止接收 · Stop' },
      }
    case 'forged':
      return {
        title: '連結無效 · This link is not valid',
        chinese: '請確認連結完整，或直接與我們聯絡。您的設定沒有變更。',
        english: 'Check that the link is whole, or contact us. Nothing was changed.',
      }
    case 'expired':
      return {
        title: '連結已過期 · This link has expired',
        chinese: '請使用較新簡訊中的連結，或直接與我們聯絡。您的設定沒有變更。',
        english: 'Use the link of a newer text, or contact us. Nothing was changed.',
      }
    case 'away':
      return {
        title: '請稍後再試 · Try again in a moment',
        chinese: '目前無法處理您的要求，請於幾分鐘後再試一次。',
        english: 'We cannot do this right now: try again in a few minutes.',
      }
  }
}

/** It holds nothing that came from outside. The form posts to the page's own address. */
export function renderOptOutPage(page: OptOutPage): string {
  const { title, chinese, english, button } = toWords(page)
  const form = button
    ? `<form method="post"><input type="hidden" name="action" value="${button.action}"><button${
        button.action === 'opt-in' ? ' class="back"' : ''
      }>${button.label}</button></form>`
    : ''
  return `<!doctype html>
<html lang="zh-Hant-TW">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1><p role="status">${chinese}</p><p lang="en">${english}</p>${form}</main></body>
</html>
`
}
