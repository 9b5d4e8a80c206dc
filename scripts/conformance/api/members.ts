import type { Sequence } from '../area.ts';
import { listAt, newAddress, ORG, PLATFORM, post } from './requests.ts';

const LIST = `${PLATFORM}/members`;
const isTextOrNull = (value: unknown) => value === null || typeof value === 'string';

export const MEMBERS: Sequence = {
  name: 'members',
  run: async (client) => {
    const email = newAddress();
    const { id } = await client.check('invites to the organization', post(`${ORG}/members`, { email }), {
      status: 200,
      body: { email },
    });
    client.removeAfterwards(`${ORG}/members`, `${String(id)}/pending`);
    const both = await listAt(client, `${LIST}?active_is=true&pending_is=true&limit=500`);
    client.compare(
      'lists both with active_is and pending_is',
      [true, true],
      [
        both.some((row) => row['is_pending'] === true),
        both.some((row) => row['is_pending'] === false && row['is_disabled'] === false),
      ],
    );
    client.compare(
      'shows no disabled member among them',
      [],
      both.filter((row) => row['is_disabled'] === true),
    );
    client.compare(
      'shows the last activity, if any, as a time, and of no pending member',
      [],
      both.filter(
        ({ last_active_at: at, is_pending: isPending }) =>
          at !== undefined && (isPending || Number.isNaN(Date.parse(String(at)))),
      ),
    );
    const members = await listAt(client, `${ORG}/members/active?limit=100`);
    const logins = members.flatMap((row) => row['linked_login_methods'] as Record<string, unknown>[]);
    client.compare(
      'shows e-mail and user name of every login method',
      logins.map(() => ({ email: isTextOrNull, username: isTextOrNull })),
      logins,
    );
  },
};
