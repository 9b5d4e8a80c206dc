import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/statements/new-id.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import type { PasswordLink } from './entities.js';

/** Of the user `u`, one that is not disabled first; reads tables of other modules. */
const OLDEST_MEMBERSHIP = `
  left join lateral (
    select its.org_id, not (its.is_disabled or org.is_disabled) as is_open
    from current_org_memberships its join organizations org on org.id = its.org_id
    where its.user_id = u.id
    order by its.is_disabled or org.is_disabled, its.created_at, its.id limit 1) oldest on true`;

/**
 * An active member, or a user with a password and no organization, as after an invitation. Needs `OLDEST_MEMBERSHIP`.
 */
const MAY_SIGN_IN = `
  coalesce(oldest.is_open, exists (select from passwords own where own.user_id = u.id))`;

/** By an active member, or an owner who chose the password: no invitation has or accepts a password link then. */
export const isAccountInUse = (email: string): string => `
  exists (
    select from users u ${OLDEST_MEMBERSHIP}
    where u.email = ${email} and (oldest.is_open
      or exists (select from passwords p where p.user_id = u.id and p.chosen_by <> 'organization_admin')))`;

const FIND_ACCOUNT_IN_USE: Statement = named('password_links_find_account_in_use')`
  select ${isAccountInUse('$1')} as "isInUse"`;

/** $1 the user, $2 the address of the link. */
const FIND_OWNER: Statement = named('password_links_find_owner')`
  select u.id from users u ${OLDEST_MEMBERSHIP}
  where u.id = $1 and u.email = $2 and ${MAY_SIGN_IN}`;

export type NewPasswordLink = Pick<
  PasswordLink,
  'digest' | 'purpose' | 'email' | 'userId' | 'invitationId' | 'orgId' | 'handedOverByUserId'
>;
export type FoundPasswordLink = Omit<PasswordLink, 'digest' | 'createdAt' | 'usedAt'> & {
  readonly isUsed: boolean;
  readonly hasExpired: boolean;
};

export type DuePasswordMail = {
  readonly email: string;
  /** Null: the password is forgotten. */
  readonly orgId: string | null;
  /** Null: the address has no account that may sign in. */
  readonly userId: string | null;
  /** Whose audit log has the link: that organization, or the oldest of the user. */
  readonly auditOrgId: string | null;
  readonly fullName: string | null;
  /** Null for an account without an organization. */
  readonly orgName: string | null;
  readonly language: string | null;
};

/** $9 hours of validity, $10 minutes that an unused older link keeps a newer one away. */
const upsert = (name: string, key: string): Statement => named(`password_links_upsert_${name}`)`
  insert into password_links as l
    (id, digest, purpose, email, user_id, invitation_id, org_id, handed_over_by_user_id, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(hours => $9))
  on conflict (${key}) do update
    set id = excluded.id, digest = excluded.digest, email = excluded.email, org_id = excluded.org_id,
      handed_over_by_user_id = excluded.handed_over_by_user_id, created_at = now(),
      expires_at = excluded.expires_at, used_at = null
    where l.used_at is not null or l.created_at <= now() - make_interval(mins => $10)
  returning expires_at as "expiresAt"`;

const UPSERT_OF_USER = upsert('of_user', 'user_id, purpose');
const UPSERT_OF_INVITATION = upsert('of_invitation', 'invitation_id');

const FIND: Statement = named('password_links_find')`
  select id, purpose, email, user_id as "userId", invitation_id as "invitationId", org_id as "orgId",
    handed_over_by_user_id as "handedOverByUserId", expires_at as "expiresAt",
    used_at is not null as "isUsed", expires_at <= now() as "hasExpired"
  from password_links where digest = $1`;

/** Of concurrent uses of one link, one gets the row. */
const CONSUME: Statement = named('password_links_consume')`
  update password_links set used_at = now(), expires_at = least(expires_at, now() + interval '1 day')
  where id = $1 and used_at is null and expires_at > now()`;

const REMOVE: Statement = named('password_links_remove')`
  delete from password_links where digest = $1 and used_at is null`;

/** Used ones stay, to say so. */
const REMOVE_OF_USERS: Statement = named('password_links_remove_of_users')`
  delete from password_links where user_id = any($1) and used_at is null`;

const REMOVE_OF_INVITATIONS: Statement = named('password_links_remove_of_invitations')`
  delete from password_links where invitation_id = any($1)`;

/** Kept for a week, so that an expired link says that it has expired. */
const EXPIRED = sweep('password_links', { key: 'id', daysLater: 7 });

/**
 * In SQL. Written for every address, so that the request does not reveal accounts; a forgotten password waits an hour.
 */
export const DUE_PASSWORD_MAIL = {
  columns: `
    m.email, m.org_id as "orgId", case when ${MAY_SIGN_IN} then u.id end as "userId", u.full_name as "fullName",
    o.id as "auditOrgId", o.display_name as "orgName", o.mail_language as language`,
  from: `
    left join users u on u.email = m.email
    ${OLDEST_MEMBERSHIP}
    left join organizations o on o.id = coalesce(m.org_id, oldest.org_id)
    where m.created_at > now() - case when m.org_id is null then interval '1 hour' else interval '1 day' end`,
};

@Injectable()
export class PasswordLinksRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('expired password links', EXPIRED);
  }

  /** Replaces an older link; null, without a change, if that is unused and younger than `pauseMinutes`. */
  async upsert(
    link: NewPasswordLink,
    { hours, pauseMinutes }: { hours: number; pauseMinutes: number },
  ): Promise<{ expiresAt: Date } | null> {
    const { digest, purpose, email, userId, invitationId, orgId, handedOverByUserId } = link;
    const statement = userId === null ? UPSERT_OF_INVITATION : UPSERT_OF_USER;
    const target = [purpose, email, userId, invitationId, orgId, handedOverByUserId];
    return this.sql.row<{ expiresAt: Date }>(statement, [newId(), digest, ...target, hours, pauseMinutes]);
  }

  find(digest: Buffer): Promise<FoundPasswordLink | null> {
    return this.sql.row<FoundPasswordLink>(FIND, [digest]);
  }

  /** False if it was used, has expired or was replaced. */
  async consume(id: string): Promise<boolean> {
    return (await this.sql.affected(CONSUME, [id])) === 1;
  }

  async remove(digest: Buffer): Promise<void> {
    await this.sql.affected(REMOVE, [digest]);
  }

  /** Null if the user may not sign in, or has another address. */
  findOwner(userId: string | null, email: string): Promise<{ id: string } | null> {
    return this.sql.row<{ id: string }>(FIND_OWNER, [userId, email]);
  }

  async isAccountInUse(email: string): Promise<boolean> {
    return (await this.sql.one<{ isInUse: boolean }>(FIND_ACCOUNT_IN_USE, [email])).isInUse;
  }

  async removeUnusedOfUsers(userIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_OF_USERS, [userIds]);
  }

  async removeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_OF_INVITATIONS, [invitationIds]);
  }
}
