import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import {
  INFO,
  succeeds,
  tokenOf,
  tokenPath,
  using,
  WORKSPACE_MEMBERS,
} from '../support/access-changes/access-change.js';
import { observeChange } from '../support/access-changes/observe-change.js';
import type { Api } from '../support/api.js';
import { onOwnConnection } from '../support/audit-log.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { type Replicas, startReplicas } from '../support/replicas.js';

/** docs/contract/installation.md#caching */
const SQL_MS = 100;

let replicas: Replicas & { databaseUrl: string };
let org: OrgWithAdmin;
beforeAll(async () => {
  replicas = await startReplicas();
  org = await replicas.fixtures.orgWithAdmin();
});
afterAll(() => replicas.close());

const newMember = (): Promise<Member> => replicas.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

/** Requests with the credential at all replicas, all the time, before and after `change`. */
const observe = (api: Api, change: () => Promise<unknown>) =>
  observeChange(
    replicas.urls,
    replicas.url,
    { uses: [using(api, INFO), using(api, WORKSPACE_MEMBERS)], change },
    { grants: false, afterMs: SQL_MS + 50 },
  );

const inTransaction = (work: (client: Client) => Promise<unknown>) => () =>
  onOwnConnection(replicas, async (client) => {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  });

describe('a credential that is removed by another program', () => {
  it('is refused 100 ms after the commit of a transaction that stayed open for a second', async () => {
    const { api, id } = await tokenOf(await newMember());

    const { lastLateMs } = await observe(
      api,
      inTransaction(async (client) => {
        await client.query('delete from api_keys where id = $1', [id]);
        await pause(1000);
      }),
    );

    expect(lastLateMs).toBeLessThanOrEqual(SQL_MS);
  });

  it('is refused when later transactions have committed before the one that removes it', async () => {
    const { api, id } = await tokenOf(await newMember());

    const { lastLateMs } = await observe(
      api,
      inTransaction(async (client) => {
        await client.query('delete from api_keys where id = $1', [id]);
        for (let count = 0; count < 5; count++) {
          const other = await tokenOf(await newMember());
          await replicas.sql('delete from api_keys where id = $1', [other.id]);
          await pause(60);
        }
      }),
    );

    expect(lastLateMs).toBeLessThanOrEqual(SQL_MS);
  });

  it('is refused when its removal follows a savepoint that was rolled back', async () => {
    const { api, userId } = await newMember();

    const { lastLateMs } = await observe(
      api,
      inTransaction(async (client) => {
        await client.query('savepoint before');
        await client.query('update org_memberships set is_disabled = true where user_id = $1', [userId]);
        await client.query('rollback to before');
        await client.query('savepoint again');
        await client.query('delete from sessions where user_id = $1', [userId]);
        await client.query('release again');
      }),
    );

    expect(lastLateMs).toBeLessThanOrEqual(SQL_MS);
  });

  it('is refused when one statement removes the credentials of three hundred members', async () => {
    const members: Member[] = [];
    while (members.length < 300) members.push(await newMember());
    const last = members.at(-1);

    const { lastLateMs } = await observe(last?.api ?? org.admin.api, () =>
      replicas.sql('update org_memberships set is_disabled = true where user_id = any($1)', [
        members.map(({ userId }) => userId),
      ]),
    );

    expect(lastLateMs).toBeLessThanOrEqual(SQL_MS);
  });

  it('is refused when its table is truncated', async () => {
    const other = await replicas.fixtures.orgWithAdmin();
    const { api } = await replicas.fixtures.member(other, { workspace: 'WORKSPACE_USER' });

    const { lastLateMs } = await observe(api, () => replicas.sql('truncate sessions cascade'));

    expect(lastLateMs).toBeLessThanOrEqual(SQL_MS);
    org = await replicas.fixtures.orgWithAdmin(); // whose admin has a session
  });
});

describe('a token that is deleted', () => {
  it('is refused after the response, when its first requests were on their way meanwhile', async () => {
    const owner = await newMember();
    const accepted: number[] = [];
    for (let round = 0; round < 30; round++) {
      const token = await tokenOf(owner);
      const first = replicas.urls.flatMap((url) =>
        [0, 1, 2].map(async (delay) => {
          await pause(delay);
          return using(token.api, INFO).isGrantedAt(url);
        }),
      );
      await pause(round % 4);
      await succeeds(owner.api.at(replicas.urls[round % 3] ?? '').delete(tokenPath(token)));
      const later = await Promise.all(replicas.urls.map((url) => using(token.api, INFO).isGrantedAt(url)));
      await Promise.all(first);
      const last = await Promise.all(replicas.urls.map((url) => using(token.api, INFO).isGrantedAt(url)));
      if ([...later, ...last].includes(true)) accepted.push(round);
    }

    expect(accepted).toEqual([]);
  });

  it('is refused after the response, when it is deleted twice at once by different replicas', async () => {
    for (let round = 0; round < 20; round++) {
      const owner = await newMember();
      const token = await tokenOf(owner);
      const isGranted = () =>
        Promise.all(replicas.urls.map((url) => using(token.api, INFO).isGrantedAt(url)));
      expect(await isGranted()).toEqual([true, true, true]);

      const replies = await Promise.all(
        replicas.urls.map(async (url) => {
          const { status } = await owner.api.at(url).delete(tokenPath(token));
          return { status, isGranted: await using(token.api, INFO).isGrantedAt(url) };
        }),
      );

      expect(replies.map((reply) => reply.isGranted)).toEqual([false, false, false]);
    }
  });
});
