import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { escapeHtml } from '../../../../common/http/html.js';

/** A page without scripts; all texts are escaped. */
export type Page = {
  readonly headline: string;
  /** One character. */
  readonly mark: string;
  readonly paragraphs: readonly string[];
  /** The first one is the primary one. */
  readonly links: readonly { readonly text: string; readonly href: string }[];
  /** Our error code, for support requests; null if nothing is wrong. */
  readonly code: string | null;
};

const STYLE = `
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #fff; --line: #e2e5ea; --text: #1b2130; --soft: #5b6474;
  --accent: #2f5bea; --on-accent: #fff; --mark: #c2410c; --mark-ground: #fff1e8; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1218; --card: #181c25; --line: #2a303c; --text: #eceff5;
  --soft: #9aa4b5; --accent: #7c9cff; --on-accent: #0f1218; --mark: #fdba74; --mark-ground: #33231a; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--ground);
  color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { width: 100%; max-width: 30rem; }
.brand { margin: 0 0 16px 4px; font-weight: 600; font-size: 15px; letter-spacing: .01em; color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 32px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px -16px rgb(0 0 0 / .18); }
.mark { width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center; margin-bottom: 20px;
  background: var(--mark-ground); color: var(--mark); font-weight: 700; font-size: 20px; }
.mark.fine { background: var(--line); color: var(--text); }
h1 { margin: 0 0 10px; font-size: 22px; line-height: 1.3; font-weight: 650; text-wrap: balance; }
p { margin: 0 0 10px; overflow-wrap: anywhere; } .card > p:last-child { margin: 0; }
.remedy { color: var(--soft); }
.ways { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 24px; }
.ways a { flex: 1 1 auto; text-align: center; }
a { display: inline-block; padding: 9px 16px; border-radius: 9px; border: 1px solid var(--line); color: inherit;
  font-weight: 550; font-size: 15px; text-decoration: none; }
a.first { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
a:hover { filter: brightness(1.06); } a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
footer { margin: 14px 4px 0; font-size: 13px; color: var(--soft); }
code { font: 12.5px ui-monospace, SFMono-Regular, Menlo, monospace; }
@media (max-width: 480px) { .card { padding: 24px 20px; } .ways a { flex-basis: 100%; } }
`;

/** Allows only our own style, by its digest; nothing else is loaded, executed, framed or submitted. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const renderLinks = (links: Page['links']): string =>
  links
    .map(
      ({ text, href }, index) =>
        `<a${index === 0 ? ' class="first"' : ''} href="${escapeHtml(href)}">${escapeHtml(text)}</a>`,
    )
    .join('\n');

function renderPage({ headline, mark, paragraphs, links, code }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(headline)} · Tenantry</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="brand">Tenantry</p>
<div class="card">
<div class="mark${code === null ? ' fine' : ''}" aria-hidden="true">${escapeHtml(mark)}</div>
<h1>${escapeHtml(headline)}</h1>
${paragraphs.map((text, index) => `<p${index > 0 ? ' class="remedy"' : ''}>${escapeHtml(text)}</p>`).join('\n')}
${links.length === 0 ? '' : `<div class="ways">${renderLinks(links)}</div>`}
</div>
${code === null ? '' : `<footer>If you ask for help, say <code>${escapeHtml(code)}</code>.</footer>`}
</main>
</body>
</html>
`;
}

export function sendPage(reply: FastifyReply, page: Page): void {
  void reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
    })
    .send(renderPage(page));
}
