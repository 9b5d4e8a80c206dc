import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { escapeHtml } from '../../../../common/http/html.js';

export type Page = {
  readonly headline: string;
  readonly paragraphs: readonly string[];
  /** The first one is the primary one. */
  readonly links: readonly { readonly text: string; readonly href: string }[];
  /** Our error code, for support requests; null if nothing is wrong. */
  readonly code: string | null;
};

/** The look of the pages of the console outside of an organization (console/src/common/outer/outer-page.tsx). */
const STYLE = `
:root { color-scheme: light dark; --ground: #f8f9fa; --card: #fff; --line: #dee2e6; --text: #000; --soft: #495057;
  --accent: #1c5d50; --button: #fff; --button-line: #ced4da; --button-text: #000; }
@media (prefers-color-scheme: dark) { :root { --ground: #3b3b3b; --card: #242424; --line: #424242; --text: #c9c9c9;
  --soft: #b8b8b8; --accent: #2c7d68; --button: #2e2e2e; --button-line: #424242; --button-text: #fff; } }
* { box-sizing: border-box; margin: 0; }
body { background: var(--ground); color: var(--text); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 440px; margin: 0 auto; padding: 96px 16px; }
.brand { display: flex; justify-content: center; align-items: center; gap: 10px; margin-bottom: 20px; font-weight: 700; font-size: 18px; line-height: 1.6; }
.card { display: grid; gap: 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 32px;
  box-shadow: 0 1px 3px rgb(0 0 0 / .05), 0 10px 15px -5px rgb(0 0 0 / .05), 0 7px 7px -5px rgb(0 0 0 / .04); }
h1 { font-size: 26px; line-height: 1.35; } h1, p { overflow-wrap: anywhere; }
a { display: grid; place-items: center; min-height: 36px; padding: 0 18px; border: 1px solid var(--button-line); border-radius: 8px;
  background: var(--button); color: var(--button-text); font-weight: 600; text-decoration: none; }
a.first { background: var(--accent); border-color: transparent; color: #fff; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
footer { margin-top: 20px; text-align: center; font-size: 12px; color: var(--soft); }
code { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; }
@media (max-width: 48em) { main { padding-block: 24px; } .card { padding: 20px; } }
`;

/** That of the console (console/src/icon.svg). */
const ICON =
  '<svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#1c5d50"/><path d="M7 9h18v4h-7v11h-4V13H7z" fill="#fff"/></svg>';

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

function renderPage({ headline, paragraphs, links, code }: Page): string {
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
<div class="brand">${ICON}Tenantry</div>
<div class="card">
<h1>${escapeHtml(headline)}</h1>
${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${renderLinks(links)}
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
