import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import type { PasswordOrigin } from './address-proof.js';
import { Password } from './entities.js';

export type PasswordDigest = { userId: string; digest: string };

/** `issuingOrgId`: to which it proves the address (docs/contract/passwords.md#what-a-password-proves). */
export type ChosenForOther = {
  readonly chosenBy: 'organization_admin' | 'installation';
  readonly issuingOrgId: string;
};

export const chosenByAdminOf = (orgId: string): ChosenForOther => ({
  chosenBy: 'organization_admin',
  issuingOrgId: orgId,
});

type OriginRow = PasswordOrigin & { readonly userId: string };

/** In id order, so that concurrent transactions do not deadlock. */
const INSERT_MISSING = named('passwords_insert_missing')`
  insert into passwords (user_id, digest, chosen_by, vouching_org_id)
  select user_id, digest, $3, $4 from unnest($1::uuid[], $2::text[]) as given (user_id, digest) order by user_id
  on conflict (user_id) do nothing
  returning user_id`;

const UPSERT = named('passwords_upsert')`
  insert into passwords (user_id, digest, chosen_by, vouching_org_id, address_proved) values ($1, $2, $3, $4, $5)
  on conflict (user_id) do update set digest = excluded.digest, chosen_by = excluded.chosen_by,
    vouching_org_id = excluded.vouching_org_id, address_proved = excluded.address_proved, updated_at = now()`;

/** The new password proves what the replaced one proved, unless the user has followed a mailed link since. */
const CHANGE_OWN = named('passwords_change_own')`
  update passwords p set digest = $2, chosen_by = 'owner', updated_at = now(),
    address_proved = p.address_proved or mail.is_followed,
    vouching_org_id = case when p.address_proved or mail.is_followed then null else p.vouching_org_id end
  from (
    select exists (
      select from login_methods
      where user_id = $1 and provider = 'email' and email_confirmed_at is not null) as is_followed) mail
  where p.user_id = $1`;

const LOCK_UNCHANGED = named('passwords_lock_unchanged')`
  select user_id from passwords where user_id = $1 and digest = $2 for share`;

const LOCK = named('passwords_lock')`
  select address_proved as "isProved" from passwords where user_id = $1 for update`;

const REMOVE_UNPROVED = named('passwords_remove_unproved')`
  delete from passwords
  where user_id = any($1) and not address_proved and vouching_org_id is distinct from $2
  returning user_id`;

const ORIGINS = `
  select user_id as "userId", chosen_by as "chosenBy", vouching_org_id as "issuingOrgId",
    address_proved as "addressProved",
    exists (
      select from current_org_memberships m join organizations o on o.id = m.org_id
      where m.user_id = p.user_id and o.is_personal and o.created_by_user_id is distinct from p.user_id
    ) as "isInOthersPersonalOrg"
  from passwords p where user_id = any($1)`;

const FIND_ORIGINS = { name: 'password_origins_list', text: ORIGINS };

/** Setting a password locks its row before memberships are read, so it waits for transactions that rely on this. */
const LOCK_ORIGINS = { name: 'password_origins_lock', text: `${ORIGINS} order by user_id for share of p` };

const FIND_SESSION = { name: 'password_origins_find_session', text: 'select from sessions where id = $1' };

const ONLY_ORG = named('password_origins_only_org')`
  select id from organizations o where not is_personal
    and not exists (select from organizations other where other.id <> o.id and not other.is_personal)`;

@Injectable()
export class PasswordsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  find(userId: string): Promise<Password | null> {
    return this.transaction.manager.getRepository(Password).findOneBy({ userId });
  }

  /** Returns the users who had no password before. */
  async insertMissing(rows: readonly PasswordDigest[], chosen: ChosenForOther): Promise<Set<string>> {
    const columns = [rows.map(({ userId }) => userId), rows.map(({ digest }) => digest)];
    const values = [...columns, chosen.chosenBy, chosen.issuingOrgId];
    const added = await this.sql.rows<{ user_id: string }>(INSERT_MISSING, values);
    return new Set(added.map((row) => row.user_id));
  }

  async upsert(
    { userId, digest }: PasswordDigest,
    { chosenBy, issuingOrgId, addressProved }: Omit<PasswordOrigin, 'isInOthersPersonalOrg'>,
  ): Promise<void> {
    await this.sql.affected(UPSERT, [userId, digest, chosenBy, issuingOrgId, addressProved]);
  }

  /** Does nothing if the user has no password. */
  async changeOwn({ userId, digest }: PasswordDigest): Promise<void> {
    await this.sql.affected(CHANGE_OWN, [userId, digest]);
  }

  /** False if the password was changed; otherwise it cannot be changed until the transaction ends. */
  async lockUnchanged({ userId, digest }: PasswordDigest): Promise<boolean> {
    return (await this.sql.row(LOCK_UNCHANGED, [userId, digest])) !== null;
  }

  /** Whether the user set the password after verifying the address; null if there is no password to lock. */
  async lock(userId: string): Promise<{ isProved: boolean } | null> {
    return this.sql.row<{ isProved: boolean }>(LOCK, [userId]);
  }

  /** Deletes the passwords that prove nothing to this organization; returns their users. */
  async removeUnproved(userIds: readonly string[], orgId: string): Promise<string[]> {
    const removed = await this.sql.rows<{ user_id: string }>(REMOVE_UNPROVED, [userIds, orgId]);
    return removed.map((row) => row.user_id);
  }

  /** By user; users without a password are missing. */
  async findOrigins(userIds: readonly string[]): Promise<Map<string, PasswordOrigin>> {
    return byUser(await this.sql.rows<OriginRow>(FIND_ORIGINS, [userIds]));
  }

  /** `findOrigins` with a lock: the passwords do not change until the open transaction ends. */
  async lockOrigins(userIds: readonly string[]): Promise<Map<string, PasswordOrigin>> {
    return byUser(await this.sql.rows<OriginRow>(LOCK_ORIGINS, [userIds]));
  }

  async hasSession(sessionId: string): Promise<boolean> {
    return (await this.sql.row(FIND_SESSION, [sessionId])) !== null;
  }

  /** The only organization that is not personal; null if there are several or none. */
  async findOnlyOrg(): Promise<string | null> {
    return (await this.sql.row<{ id: string }>(ONLY_ORG, []))?.id ?? null;
  }
}

const byUser = (rows: readonly OriginRow[]) => new Map(rows.map((row) => [row.userId, row]));
