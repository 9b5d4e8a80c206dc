import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

const COMMITTED = new URL('../../openapi/served.json', import.meta.url);

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

it('openapi/served.json is the description that the server serves (if not, run `npm run openapi:write`)', async () => {
  const served = await (await fetch(`${t.url}/openapi.json`)).json();
  if (process.env['WRITE_OPENAPI']) writeFileSync(COMMITTED, `${JSON.stringify(served, null, 1)}\n`);
  expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(served);
});
