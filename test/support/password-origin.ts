import type { Person } from './fixtures.js';
import type { TestApp } from './test-app.js';

type Account = Pick<Person, 'userId'>;

export type PasswordOrigin = { chosen_by: string; vouching_org_id: string | null; address_proved: boolean };

/** Marks the password as set by its user after verification of the address. */
export const provesAddress = (t: TestApp, { userId }: Account) =>
  t.sql(
    `update passwords set chosen_by = 'owner', vouching_org_id = null, address_proved = true where user_id = $1`,
    [userId],
  );

/** Marks the password as older than the record of who chose it. */
export const isOfUnknownOrigin = (t: TestApp, { userId }: Account) =>
  t.sql(
    `update passwords set chosen_by = 'unknown', vouching_org_id = null, address_proved = false where user_id = $1`,
    [userId],
  );

/** The origin of the password, or null if there is no password. */
export async function originOf(t: TestApp, { userId }: Account): Promise<PasswordOrigin | null> {
  const [row] = await t.sql<PasswordOrigin>(
    'select chosen_by, vouching_org_id, address_proved from passwords where user_id = $1',
    [userId],
  );
  return row ?? null;
}
