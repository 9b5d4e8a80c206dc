import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Reachable at the address of the server itself, but not behind a shared host name. */
const OWN_ADDRESS_ONLY =
  /^\/(livez|readyz|startupz|healthz|health|ok|metrics|docs|console|signed-out|api\/v1\/(ok|health))\b/;

it('docs/migrate-from-langsmith.md routes every operation to this server', () => {
  const [, pattern] = /location ~ (\S+) \{/.exec(text('docs/migrate-from-langsmith.md')) ?? [];
  const { paths } = JSON.parse(text('openapi/served.json')) as { paths: Record<string, unknown> };
  const missed = Object.keys(paths).filter((path) => !new RegExp(pattern!).test(path));

  expect(Object.keys(paths).length).toBeGreaterThan(50);
  expect(missed.filter((path) => !OWN_ADDRESS_ONLY.test(path))).toEqual(['/oauth-callback']);
});
