import { expect } from '@jest/globals';
import type { Api, Reply } from './api.js';
import { type MailServer, partOf, type Received } from './mail-server.js';
import type { TestApp } from './test-app.js';

export const PASSWORD = '/api/v1/login/password';
export const LINK = '/api/v1/login/password-link';
export const CHOSEN = 'My-Own-Horse-Battery';

export const NOT_FOUND = { status: 404, body: { detail: expect.stringContaining('not valid') } };
export const USED = { status: 410, body: { detail: expect.stringContaining('used already') } };
export const EXPIRED = { status: 410, body: { detail: expect.stringContaining('expired') } };

/** Of a mail, whose parts have the same link; null if it has none. */
export function tokenIn(mail: Received): string | null {
  const [text, html] = (['text/plain', 'text/html'] as const).map((type) => {
    const [, token = null] = /\/set-password#token=([\w-]+)/.exec(partOf(mail, type)) ?? [];
    return token;
  });
  expect(html).toBe(text);
  return text ?? null;
}

/** The token of the latest mail to an address, once there are `count` mails. */
export async function mailedToken(mail: MailServer, email: string, count = 1): Promise<string> {
  const token = tokenIn((await mail.mailsTo(email, count)).at(-1)!);
  expect(token).toMatch(/^[\w-]{43}$/);
  return token!;
}

export const setPassword = (api: Api, token: string, password = CHOSEN): Promise<Reply> =>
  api.post(PASSWORD, { token, password });

export const checkLink = (api: Api, token: string): Promise<Reply> => api.post(`${LINK}/check`, { token });

/** Checking the link is refused in the same way as setting a password with it, which this returns. */
export async function refusedPassword(api: Api, token: string): Promise<Reply> {
  const checked = await checkLink(api, token);
  const reply = await setPassword(api, token);
  expect(checked).toMatchObject({ status: reply.status, body: reply.body });
  return reply;
}

/** The audit entries of refused uses of links of a user, oldest first; null: of links that are unknown. */
export const refusedLinks = (t: TestApp, userId: string | null) =>
  t.sql(
    `select org_id, response_status, details - 'request_id' as details from audit_entries
     where operation = 'update_basic_auth_user' and not succeeded and user_id is not distinct from $1
       and details->>'password_link' = 'refused' order by position`,
    [userId],
  );

export const originOf = async (t: TestApp, email: string) =>
  (
    await t.sql(
      `select chosen_by, vouching_org_id, address_proved from passwords p join users u on u.id = p.user_id
       where u.email = $1`,
      [email],
    )
  )[0];

/** The details of audit entries about password links, oldest first. */
export const linkEntries = (t: TestApp, resourceId: string) =>
  t.sql<{ org_id: string | null; user_id: string | null; details: Record<string, unknown> }>(
    `select org_id, user_id, details - 'request_id' as details from audit_entries
     where operation = 'update_basic_auth_user' and resource_ids @> array[$1::uuid] and details ? 'password_link'
     order by position`,
    [resourceId],
  );

/** Moves what was mailed to an address into the past. */
export async function letDaysPass(t: TestApp, email: string, days: number): Promise<void> {
  const values = [email, days];
  const earlier = (...columns: string[]) =>
    columns.map((column) => `${column} = ${column} - make_interval(days => $2)`).join();
  await t.sql(`update invitations set ${earlier('created_at', 'expires_at')} where email = $1`, values);
  await t.sql(`update password_links set ${earlier('created_at', 'expires_at')} where email = $1`, values);
  await t.sql(
    `update mails set ${earlier('settled_at')}
     where invitation_id in (select id from invitations where email = $1)`,
    values,
  );
}
