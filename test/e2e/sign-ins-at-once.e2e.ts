import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SILENT_REPLICA_MS, withSilentReplica } from '../support/access-changes/silent-replica.js';
import { auditedRequests } from '../support/audit.js';
import { Browser, type Page } from '../support/browser.js';
import { role } from '../support/fixtures.js';
import type { Account } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { SSO_SETTINGS, ssoSettings } from '../support/sso-settings.js';
import { sendWhileRosterIsLocked } from '../support/waiting-together.js';

let w: SsoEnvironment;
beforeAll(async () => {
  w = await SsoEnvironment.start();
});
afterAll(() => w.stop());

const LONG_ENOUGH_MS = 500; // for the exchange of all codes
const DEADLINE_MS = 20_000;

type Attempt = { browser: Browser; url: string };

/** Lets the browsers return from the provider while another connection holds the roster lock. */
async function returnTogether(
  attempts: readonly Attempt[],
  open = ({ browser, url }: Attempt): Promise<Page> => browser.open(url),
): Promise<{ page: Page; waitedMs: number }[]> {
  const before = await w.signInUntilCallback(w.person());
  const { first, others } = await sendWhileRosterIsLocked(w.t, w.org.orgId, {
    first: () => before.browser.open(before.url),
    others: attempts.map((attempt) => () => open(attempt)),
    stillMs: LONG_ENOUGH_MS,
  });
  expect(first.status).toBe(302);
  return others.map(({ result, waitedMs }) => ({ page: result, waitedMs }));
}

async function signInTogether(
  people: readonly Account[],
): Promise<{ page: Page; whoami: () => Promise<any> }[]> {
  const attempts = await Promise.all(people.map((person) => w.signInUntilCallback(person)));
  const responses = await returnTogether(attempts);
  return responses.map(({ page }, index) => ({
    page,
    whoami: async () =>
      (
        await w.t.api.send('GET', '/auth/public', undefined, {
          headers: attempts[index]!.browser.cookieHeader(w.t.url),
        })
      ).body,
  }));
}

/** Returns from the provider with a form instead of a redirect (OAuth 2.0 Form Post Response Mode). */
const postForm = ({ browser, url }: Attempt): Promise<Page> => {
  const { origin, pathname, searchParams } = new URL(url);
  return browser.open(`${origin}${pathname}`, { form: Object.fromEntries(searchParams) });
};

const rows = <Row extends object>(columns: string, people: readonly { email: string }[]) =>
  w.t.sql<Row>(
    `select ${columns} from org_memberships m join users u on u.id = m.user_id where m.org_id = $1 and u.email = any($2)`,
    [w.org.orgId, people.map(({ email }) => email)],
  );

/** Rejects when the response takes too long. */
const inTime = (page: Promise<Page>): Promise<Page> =>
  Promise.race([
    page,
    pause(DEADLINE_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no response within ${DEADLINE_MS} ms`);
    }),
  ]);

it('all succeed in time when 64 people sign in for the first time at once', async () => {
  const people = Array.from({ length: 64 }, () => w.person());
  const attempts = await Promise.all(people.map((person) => w.signInUntilCallback(person)));

  const pages = await Promise.all(attempts.map(({ browser, url }) => inTime(browser.open(url))));

  expect(pages.map(({ status }) => status)).toEqual(people.map(() => 302));
  expect(await rows('u.id', people)).toHaveLength(people.length);
});

describe('sign-ins that wait for the roster lock', () => {
  it('get a session and an audit entry each', async () => {
    const people = Array.from({ length: 8 }, () => w.person());

    const results = await signInTogether(people);

    expect(results.map(({ page }) => page.status)).toEqual(people.map(() => 302));
    const users = await rows<{ id: string; email: string }>('u.id, u.email', people);
    const sessions = await Promise.all(results.map(({ whoami }) => whoami()));
    expect(sessions.map(({ user_id }) => user_id)).toEqual(
      people.map(({ email }) => users.find((user) => user.email === email)!.id),
    );
    const entries = await w.logins(9);
    expect(entries.map(({ user_id }) => user_id)).toEqual(expect.arrayContaining(users.map(({ id }) => id)));
    for (const { details } of entries) expect(details).toMatchObject({ rule: 'jit', account: 'new' });
    const audited = await auditedRequests(w.t, 'login');
    expect(sessions.map(({ user_id }) => audited.get(user_id))).toEqual(
      results.map(({ page }) => page.headers.get('x-request-id')),
    );
  });

  it('are refused one by one: a refused one does not fail the others', async () => {
    const [ada, another] = [w.person(), w.person()];
    const stranger = w.person({ email: w.org.admin.email }); // an account with another login

    const results = await signInTogether([ada, stranger, another]);

    expect(results.map(({ page }) => page.status)).toEqual([302, 403, 302]);
    const refused = (await w.logins(4)).filter(({ succeeded }) => !succeeded);
    expect(refused.map(({ details }) => details.refusal)).toEqual(['account_has_another_login']);
  });

  it('take the free seats when there are too few of them', async () => {
    const people = Array.from({ length: 5 }, () => w.person());
    const [{ taken }] = (await w.t.sql(
      'select members + pending_seats as taken from headcounts where org_id = $1',
      [w.org.orgId],
    )) as [{ taken: number }];
    await w.t.sql('update organizations set max_identities = $2 where id = $1', [w.org.orgId, taken + 3]);
    try {
      const results = await signInTogether(people); // and the one before them

      const statuses = results.map(({ page }) => page.status);
      expect(statuses.filter((status) => status === 302)).toHaveLength(2);
      expect(statuses.filter((status) => status === 403)).toHaveLength(3);
    } finally {
      await w.t.sql('update organizations set max_identities = -1 where id = $1', [w.org.orgId]);
    }
  });

  it('create one account for a user who signs in twice', async () => {
    const ada = w.person();

    const results = await signInTogether([ada, ada]);

    expect(results.map(({ page }) => page.status)).toEqual([302, 302]);
    expect(await rows('u.id', [ada])).toHaveLength(1);
    const rules = (await w.logins(2)).map(({ details }) => details.rule);
    expect(new Set(rules)).toEqual(new Set(['jit', 'existing_access']));
  });

  it('each get a response when the session that they end has ended on every replica', async () => {
    const people = [w.person(), w.person()];
    const attempts = await Promise.all(
      people.map(async ({ sub }) => {
        const browser = new Browser();
        await w.idp.logIn(browser, sub);
        return { browser, url: (await w.idp.untilCallback(browser, sub)).location! };
      }),
    );

    const responses = await withSilentReplica(w.t, () => returnTogether(attempts, postForm));

    expect(responses.map(({ page }) => page.status)).toEqual([302, 302]);
    for (const { waitedMs } of responses) expect(waitedMs).toBeGreaterThanOrEqual(SILENT_REPLICA_MS);
  });

  it('leave one organization admin when groups take the role from all of them', async () => {
    const { id } = await ssoSettings(w.org, { sso_groups_enabled: true });
    try {
      const admins = Array.from({ length: 3 }, () => w.person({ groups: ['Organization Admins'] }));
      for (const admin of admins) await w.signIn(admin);
      const others = `role_id = $1 and user_id <> all(array(select id from users where email = any($2)))`;
      const values = [role('ORGANIZATION_ADMIN'), admins.map(({ email }) => email)];
      await w.t.sql(`update org_memberships set is_disabled = true where ${others}`, values);
      for (const admin of admins) w.idp.account({ ...admin, groups: [] });

      const results = await signInTogether(admins);

      expect(results.map(({ page }) => page.status)).toEqual([302, 302, 302]);
      const roles = await rows<{ role_id: string }>('m.role_id', admins);
      expect(roles.filter(({ role_id }) => role_id === role('ORGANIZATION_ADMIN'))).toHaveLength(1);
      await w.t.sql(`update org_memberships set is_disabled = false where ${others}`, values);
    } finally {
      await w.org.admin.api.delete(`${SSO_SETTINGS}/${id}`);
    }
  });
});
