import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalPath } from '../../src/common/http/request-path.js';
import { LANGSMITH_PATHS } from '../support/langsmith-paths.js';
import { computeRules, destinationOf, type RoutingRule } from '../support/routing-rules.js';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Served below `/scim` and `/console`, and not in the description. */
const UNDESCRIBED = ['/scim/v2/Users', '/scim/v2/Groups/{}', '/console', '/console/set-password'];

/** Both servers have readiness; the callback is routed only where the identity provider uses it. */
const NOT_ROUTED = ['/api/v1/ok', '/oauth-callback'];

/** Beside LangSmith, these stay with LangSmith: one host has one authorization server. */
const AUTHORIZATION_SERVER =
  /^\/(?:api\/v1\/(?:\.well-known\/|userinfo$|oauth\/(?!custom-oidc))|v1\/platform\/oauth\/)/;

/** Beside paths that this server serves, and of others: pages, and the certificates of the host. */
const OF_OTHERS = ['/access', '/.well-known/acme-challenge/{}'];

/** The spellings of a path that both servers accept on the host name of LangSmith. */
function spellings(path: string): string[] {
  const [, ...tails] = /^\/(?:api\/v1\/(.+)|v1\/(platform\/.+)|((?:auth|oauth)\b.*))$/.exec(path) ?? [];
  const tail = tails.find((part) => part !== undefined);
  return tail === undefined ? [path] : [...new Set([path, `/api/v1/${tail}`, `/api/${tail}`])];
}

const { paths } = JSON.parse(text('openapi/served.json')) as { paths: Record<string, unknown> };
const described = Object.keys(paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'));
const routed = [...described, ...UNDESCRIBED].filter(
  (path) => !NOT_ROUTED.includes(path) && !AUTHORIZATION_SERVER.test(path),
);
const served = routed.flatMap(spellings);
const foreign = [...LANGSMITH_PATHS, ...OF_OTHERS].flatMap(spellings);

const byPath = (rules: readonly RoutingRule[]) =>
  [...rules].sort((a, b) => `${a.path} ${a.match}`.localeCompare(`${b.path} ${b.match}`));

/** The rules of the documents of a YAML file: each match of `pattern` is one, of `[path, type]`. */
function rulesOf(file: string, pattern: RegExp): RoutingRule[] {
  return text(file)
    .split('\n---\n')
    .flatMap((document) => {
      const to = document.includes('namespace: langsmith }') ? 'langsmith' : 'here';
      return [...document.matchAll(pattern)].map(({ groups }): RoutingRule => {
        const { path, type } = groups as { path: string; type: string };
        return { path, match: type === 'Exact' ? 'Exact' : 'Prefix', to };
      });
    });
}

it('compares spellings that this server serves as the described path', () => {
  for (const path of routed) {
    expect(spellings(path).map(canonicalPath)).toEqual(spellings(path).map(() => path));
  }
  expect(described.length).toBeGreaterThan(100);
  expect(foreign).toEqual(expect.arrayContaining(['/v1/platform/datasets/{}/examples', '/api/oauth/token']));
  expect(served.filter((path) => foreign.includes(path))).toEqual([]);
});

describe.each([
  ['ingress.yaml', /\bpath: (?<path>\/[^\s,]*),\s+pathType: (?<type>Exact|Prefix)\b/g],
  ['gateway.yaml', /\bpath: \{ type: (?<type>Exact|PathPrefix), value: (?<path>\/\S*) \}/g],
])('deploy/beside-langsmith/%s', (file, pattern) => {
  const rules = rulesOf(`deploy/beside-langsmith/${file}`, pattern);

  it('has the rules that follow from the description', () => {
    expect(byPath(rules)).toEqual(byPath(computeRules(served, foreign)));
  });

  it('sends here what this server serves, and nothing else of LangSmith', () => {
    expect(served.filter((path) => destinationOf(path, rules) !== 'here')).toEqual([]);
    expect(foreign.filter((path) => destinationOf(path, rules) !== 'langsmith')).toEqual([]);
  });
});

it('has at most 64 matches in a rule of the HTTPRoute, and 128 in all', () => {
  const matches = text('deploy/beside-langsmith/gateway.yaml')
    .split(/matches:\n/)
    .slice(1)
    .map((rule) => rule.match(/- path:/g)!.length);

  expect(Math.max(...matches)).toBeLessThanOrEqual(64);
  expect(matches.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(128);
});

describe('the location of nginx in docs/migrate-from-langsmith.md', () => {
  // With the flag x of PCRE, white space in the pattern means nothing.
  const [, extended] = /location ~ "\(\?x\)([^"]+)" \{/.exec(text('docs/migrate-from-langsmith.md')) ?? [];
  const location = new RegExp(extended!.replaceAll(/\s+/g, ''));

  it('takes what this server serves, and nothing else of LangSmith', () => {
    expect(served.filter((path) => !location.test(path))).toEqual([]);
    expect(foreign.filter((path) => location.test(path))).toEqual([]);
  });

  it('takes whole names only, with a slash at the end or without', () => {
    const names = [
      '/scim',
      '/console',
      '/signed-out',
      '/api/v1/login',
      '/api/orgs',
      '/v1/platform/orgs/current/scim',
    ];

    expect(served.filter((path) => !location.test(`${path}/`))).toEqual([]);
    expect(names.filter((name) => !location.test(name) || location.test(`${name}x`))).toEqual([]);
  });
});
