import { randomBytes } from 'node:crypto';
import { basePathOf } from '../common/http/base-path.js';
import { escapeHtml } from '../common/http/html.js';
import type { Config } from '../config/config.js';

const NONCE_BYTES = 16; // Content Security Policy Level 3, section 7.1: at least 128 bits

export type ConsolePage = { readonly html: string; readonly headers: Record<string, string> };

/**
 * The page of the console. The component library adds style elements at run time, which the nonce of this response
 * allows; scripts come from files only.
 */
export function consolePage(template: string, { server, sso, mail }: Config): ConsolePage {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const values: Record<string, string> = {
    BASE: `${basePathOf(server.publicUrl)}/console/`,
    LOGIN: sso ? 'sso' : 'password',
    LINKS: sso ? 'none' : mail && server.publicUrl ? 'mailed' : 'handed-over',
    NONCE: nonce,
  };
  const html = template.replace(/%([A-Z]+)%/g, (text, name: string) => escapeHtml(values[name] ?? text));
  return { html, headers: { ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy(nonce) } };
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'same-origin',
};

const contentSecurityPolicy = (nonce: string) =>
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; " +
  `style-src 'self' 'nonce-${nonce}'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'`;

/** Shown instead while the console is built beside the server. */
export const CONSOLE_IS_MISSING: ConsolePage = {
  html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="refresh" content="2" />
    <title>Tenantry</title>
  </head>
  <body>
    <h1>The console is being built</h1>
    <p>This page loads it as soon as it is ready. The API is already served; its reference is at <code>/docs</code>.</p>
    <p>If this page stays, see the output of the server, or build the console with <code>npm run build</code>.</p>
  </body>
</html>
`,
  headers: { ...PAGE_HEADERS, 'retry-after': '2', 'content-security-policy': "default-src 'none'" },
};
