import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

type Schema = {
  $ref?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
} & { [combined in 'allOf' | 'anyOf' | 'oneOf']?: Schema[] };
type Content = { content?: Record<string, { schema: Schema }> };
type Described = {
  requestBody?: Content;
  responses: Record<string, Content & { headers?: Record<string, { schema: { enum?: string[] } }> }>;
};

const { paths, components } = JSON.parse(
  readFileSync(new URL('../../openapi/served.json', import.meta.url), 'utf8'),
) as { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, Schema> } };

/** Names of properties that hold a secret. */
const SECRET = /^(?!short_)(?:\w+_)?(?:secret|token|password|key)$|^headers$/;

/** Operations with a property of such a name that give an application no credential, and why. */
const NOT_MADE: Readonly<Record<string, string>> = {
  'POST /access/v1/search/action': 'the token of a page',
  'POST /access/v1/search/resource': 'the token of a page',
  'POST /access/v1/search/subject': 'the token of a page',
  'POST /api/v1/oauth/token': 'public',
  'POST /api/v1/login': 'public',
  'POST /api/v1/login/password': 'public',
  'POST /api/v1/login/password-link/check': 'public',
  'POST /api/v1/sso/email-verification/confirm': 'public',
  'PATCH /api/v1/orgs/current/members/{identity_id}/pending': 'a password is never returned',
  'POST /api/v1/orgs/current/members/{identity_id}/pending/resend': 'a password is never returned',
  'POST /api/v1/workspaces/current/members/batch': 'a password is refused',
  'PATCH /api/v1/workspaces/current/members/{identity_id}/pending': 'a password is never returned',
  'POST /api/v1/workspaces/current/members/{identity_id}/pending/resend': 'a password is never returned',
  'POST /api/v1/workspaces/current/tag-keys': 'the key of a tag',
  'PATCH /api/v1/workspaces/current/tag-keys/{tag_key_id}': 'the key of a tag',
  'POST /api/v1/workspaces/current/tags/resources': 'the key of a tag',
  'POST /v1/platform/orgs/current/access-policies': 'the key of a tag',
  'PATCH /v1/platform/orgs/current/access-policies/{access_policy_id}': 'the key of a tag',
};

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    name: `${method.toUpperCase()} ${path}`,
    described,
  })),
);
const schemasOf = ({ content = {} }: Content) => Object.values(content).map(({ schema }) => schema);

function hasSecret(schema: Schema, seen: ReadonlySet<string> = new Set()): boolean {
  const { $ref, items, properties = {}, additionalProperties: others } = schema;
  const name = $ref?.split('/').at(-1);
  if (name !== undefined)
    return !seen.has(name) && hasSecret(components.schemas[name]!, new Set([...seen, name]));
  const { allOf = [], anyOf = [], oneOf = [] } = schema;
  const parts = [...allOf, ...anyOf, ...oneOf, ...Object.values(properties)];
  if (items) parts.push(items);
  if (typeof others === 'object') parts.push(others);
  return (
    Object.keys(properties).some((key) => SECRET.test(key)) || parts.some((part) => hasSecret(part, seen))
  );
}

it('every operation that returns or sets a secret is refused to applications (if not, add @MakesCredential, or the reason to NOT_MADE)', () => {
  const withSecret = operations.filter(({ name, described: { requestBody = {}, responses } }) => {
    const succeeding = Object.entries(responses).filter(([status]) => status < '300');
    const bodies = [requestBody, ...succeeding.map(([, response]) => response)];
    return !name.startsWith('GET ') && bodies.flatMap(schemasOf).some((schema) => hasSecret(schema));
  });
  const refused = operations.filter(({ described: { responses } }) =>
    responses['403']?.headers?.['X-Error-Code']?.schema.enum?.includes('application_may_not_create'),
  );
  const expected = withSecret.map(({ name }) => name).filter((name) => !(name in NOT_MADE));

  expect(refused.map(({ name }) => name).sort()).toEqual(expected.sort());
  expect(Object.keys(NOT_MADE).filter((name) => !withSecret.some((one) => one.name === name))).toEqual([]);
});
