import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ApiError, type RequestProblem } from '@tenantry/client';
import { explain, explainRow, withoutNames } from './explain';
import { problemTexts } from './problem-texts';

type Operation = {
  responses?: Record<string, { headers?: { 'X-Error-Code'?: { schema: { enum: string[] } } } }>;
};
const { paths } = JSON.parse(
  readFileSync(new URL('../../../openapi/served.json', import.meta.url), 'utf8'),
) as { paths: Record<string, Record<string, Operation>> };

/** Any path can return them, so that no operation lists them (docs/errors.md). */
const EVERYWHERE = [
  'malformed_request',
  'ambiguous_host',
  'route_not_found',
  'method_not_allowed',
  'request_timeout',
  'headers_too_large',
  'internal_error',
];

/** Those that people open or that the identity provider calls have a page of the server, or no reader. */
const isForBrowsersOrProviders = (path: string, { responses = {} }: Operation) =>
  path.startsWith('/scim/') || /(back|front)channel-logout$/.test(path) || '302' in responses;

function codesOfTheApi(): string[] {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).filter((operation) => !isForBrowsersOrProviders(path, operation)),
  );
  const codes = operations.flatMap(({ responses = {} }) =>
    Object.values(responses).flatMap(({ headers }) => headers?.['X-Error-Code']?.schema.enum ?? []),
  );
  return [...new Set([...EVERYWHERE, ...codes])].sort();
}

describe('the texts of errors', () => {
  it('has one for every error code of the API, and no other', () => {
    const codes = codesOfTheApi();
    const missing = codes.filter((code) => !(code in problemTexts));
    const unused = Object.keys(problemTexts).filter((code) => !codes.includes(code));

    const instruction =
      `add { en, de } for ${missing.join(', ')} to the file of the subject in console/src/problems/texts: ` +
      'what happened and what the reader can do, without names of permissions, settings or variables';
    expect(missing.length > 0 ? instruction : '').toBe('');
    expect(unused).toEqual([]);
  });

  it('names no permission, field or variable', () => {
    const texts = Object.values(problemTexts).flatMap(({ en, de }) => [en, de]);
    expect(texts.filter((text) => /[a-z]_[a-z]|[A-Z]_[A-Z]|[a-z]:[a-z]/.test(text))).toEqual([]);
  });
});

const UNKNOWN = 'The server answered with status 409.';
const errorOf = (code: string, problems: RequestProblem[] = [], message = 'In the words of the server.') =>
  new ApiError({ status: 409, code, message, problems });

describe('the explanation of an error', () => {
  it('is in the language of the reader, with what the server says beyond it', () => {
    expect(explain(errorOf('role_in_use'), 'de', UNKNOWN)).toEqual({
      text: 'Die Rolle ist noch vergeben. Vergeben Sie zuerst eine andere.',
      detail: 'In the words of the server.',
    });
    expect(explain(errorOf('role_name_taken'), 'en', UNKNOWN).detail).toBe('');
  });

  it('says the status for a code without a text', () => {
    expect(explain(errorOf('of_a_newer_server'), 'en', UNKNOWN)).toEqual({
      text: UNKNOWN,
      detail: 'In the words of the server.',
    });
  });

  it('says which field has which problem, with its limit', () => {
    const problems = [
      {
        loc: ['body', 'display_name'],
        msg: 'String should have at most 100 characters',
        type: 'string_too_long',
      },
      { loc: ['body', 3, 'email'], msg: 'holds a space', type: 'value_error' },
      { loc: ['body', 4, 'email'], msg: 'holds a space', type: 'value_error' },
    ];
    const { text, detail } = explain(errorOf('validation_failed', problems), 'en', UNKNOWN);
    expect(text.split('\n')).toEqual([
      'The server does not accept some of these values.',
      'Name: at most 100 characters.',
      'E-mail: not a valid e-mail address.',
    ]);
    expect(detail).toBe('holds a space');
  });

  it('says why an address is not accepted, whatever is wrong with it', () => {
    const rules = readFileSync(
      new URL('../../../src/common/outbound/address-rules.ts', import.meta.url),
      'utf8',
    );
    const messages = [...rules.matchAll(/'(URL should not .+?)'/g)].map(([, msg = '']) => msg);
    const texts = messages.map((msg) => {
      const problem = { loc: ['body', 'url'], msg, type: 'value_error' };
      return explain(errorOf('validation_failed', [problem]), 'en', UNKNOWN).text.split('\n')[1];
    });

    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => !/^Address: (?:leads|may not)/.test(text ?? ''))).toEqual([]);
  });

  it('names the header that is not accepted', () => {
    const problem = {
      loc: ['body', 'headers', 'Host'],
      msg: 'This header cannot be chosen',
      type: 'value_error',
    };
    expect(explain(errorOf('validation_failed', [problem]), 'en', UNKNOWN).text).toMatch(
      /Request headers, Host: not allowed\.$/,
    );
  });

  it('says which characters a name may have', () => {
    const msg = "String should hold only letters, digits, spaces and - _ '";
    const problem = { loc: ['body', 'display_name'], msg, type: 'string_pattern_mismatch' };
    expect(explain(errorOf('validation_failed', [problem]), 'en', UNKNOWN)).toEqual({
      text: "The server does not accept some of these values.\nName: only letters, digits, spaces and - _ '",
      detail: '',
    });
  });
});

describe('what the server says beyond the text', () => {
  it('is shown without names of permissions to readers without an admin rank', () => {
    const group = 'Ada is in the user group Sales, which would give the role Editor';
    expect(withoutNames(`${group} (runs:read, runs:delete). An Organization Admin can.`)).toBe(
      `${group}. An Organization Admin can.`,
    );
  });

  it.each([
    'This needs the permission organization:read.',
    'Ask the operator to raise max_identities.',
    'The operator can set PAT_CREATION_DISABLED=false.',
  ])('is not shown to them if it names a permission, a setting or a variable: %s', (detail) => {
    expect(withoutNames(detail)).toBe('');
  });
});

describe('the explanation of a refused row', () => {
  const of = (code: string, problem: RequestProblem) => explainRow(errorOf(code, [problem]), 'en');

  it('is about the person of the row', () => {
    const noSeat = { loc: ['body', 1, 'email'], msg: 'All 5 seats are taken', type: 'forbidden' };
    expect(of('seat_limit_reached', noSeat).text).toMatch(/^All seats of the organization are taken\./);
    expect(of('invites_forbidden', { loc: ['body', 1, 'role_id'], msg: '', type: 'forbidden' }).text).toBe(
      'Role: you may not give this role. An admin of the organization can.',
    );
    expect(of('validation_failed', { loc: ['body', 0, 'email'], msg: 'Why', type: 'value_error' })).toEqual({
      text: 'Not a valid e-mail address.',
      detail: 'Why',
    });
  });
});
