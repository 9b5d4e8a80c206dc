import { expect, it } from '@jest/globals';
import { assertDeclared } from '../support/contract.js';

const response = (status: number, code?: string) => ({
  status,
  headers: new Headers(code === undefined ? {} : { 'x-error-code': code }),
});
const asserting =
  (...given: Parameters<typeof assertDeclared>) =>
  () =>
    assertDeclared(...given);

it('accepts an error that the description of its operation names', () => {
  expect(asserting('GET', '/api/v1/workspaces?limit=1', response(401, 'invalid_credential'))).not.toThrow();
});

it('says what to add where when a handler returns a code that it does not declare', () => {
  expect(asserting('GET', '/api/v1/workspaces', response(409, 'handle_taken'))).toThrow(
    /add 'handle_taken' to @Refuses\(…\) of the handler of GET \/api\/v1\/workspaces, and run npm run openapi:write/,
  );
});

it('refuses a declared code with another status', () => {
  expect(asserting('GET', '/api/v1/workspaces', response(403, 'invalid_credential'))).toThrow(
    /403 invalid_cred/,
  );
});

it('refuses an error response without a code', () => {
  expect(asserting('GET', '/api/v1/workspaces', response(401))).toThrow(/without X-Error-Code/);
});
