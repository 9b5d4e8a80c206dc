import { afterAll, beforeAll, expect } from '@jest/globals';

/** Before and after each test file of a run that records; the servers of a worker are in a process of their own. */
const { TENANTRY_TEST_HOSTS: hosts, JEST_WORKER_ID: worker } = process.env;
const host = hosts.split(',')[Number(worker) - 1];
const record = (body) => fetch(`${host}/coverage`, { method: 'POST', body: JSON.stringify(body) });
const [test] = /test\/e2e\/.*$/.exec(expect.getState().testPath) ?? [];
let begun = 0;

if (test) {
  beforeAll(async () => {
    await record({});
    begun = Date.now();
  });
  afterAll(() => record({ test, ms: Date.now() - begun }));
}
