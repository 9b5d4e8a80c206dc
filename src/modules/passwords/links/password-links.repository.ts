import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/new-id.js';
import { RemovalJob } from '../../../database/removal.job.js';
import { Sql, type Statement } from '../../../database/sql.js';
import { sweep } from '../../../database/sweep.statements.js';
import { FIND_OWNER } from './link-owner.statements.js';
import type { PasswordLink } from './password-link.entity.js';

export type NewPasswordLink = Pick<
  PasswordLink,
  'digest' | 'purpose' | 'email' | 'userId' | 'invitationId' | 'orgId' | 'handedOverByUserId'
>;
export type FoundPasswordLink = Omit<PasswordLink, 'digest' | 'createdAt' | 'usedAt'> & {
  readonly isUsed: boolean;
  readonly hasExpired: boolean;
};

/** $9 hours of validity, $10 minutes that an unused older link keeps a newer one away. */
const upsert = (name: string, key: string): Statement => ({
  name: `password_links_upsert_${name}`,
  text: `
    insert into password_links as l
      (id, digest, purpose, email, user_id, invitation_id, org_id, handed_over_by_user_id, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(hours => $9))
    on conflict (${key}) do update
      set id = excluded.id, digest = excluded.digest, email = excluded.email, org_id = excluded.org_id,
        handed_over_by_user_id = excluded.handed_over_by_user_id, created_at = now(),
        expires_at = excluded.expires_at, used_at = null
      where l.used_at is not null or l.created_at <= now() - make_interval(mins => $10)
    returning expires_at as "expiresAt"`,
});

const UPSERT_OF_USER = upsert('of_user', 'user_id, purpose');
const UPSERT_OF_INVITATION = upsert('of_invitation', 'invitation_id');

const FIND: Statement = {
  name: 'password_links_find',
  text: `
    select id, purpose, email, user_id as "userId", invitation_id as "invitationId", org_id as "orgId",
      handed_over_by_user_id as "handedOverByUserId", expires_at as "expiresAt",
      used_at is not null as "isUsed", expires_at <= now() as "hasExpired"
    from password_links where digest = $1`,
};

/** Of concurrent uses of one link, one gets the row. */
const CONSUME: Statement = {
  name: 'password_links_consume',
  text: 'update password_links set used_at = now() where id = $1 and used_at is null and expires_at > now()',
};

const REMOVE: Statement = {
  name: 'password_links_remove',
  text: 'delete from password_links where digest = $1 and used_at is null',
};

/** Used ones stay, to say so. */
const REMOVE_OF_USERS: Statement = {
  name: 'password_links_remove_of_users',
  text: 'delete from password_links where user_id = any($1) and used_at is null',
};

const REMOVE_OF_INVITATIONS: Statement = {
  name: 'password_links_remove_of_invitations',
  text: 'delete from password_links where invitation_id = any($1)',
};

/** Kept for a week, so that an expired link says that it has expired. */
const EXPIRED = sweep('password_links', { key: 'id', daysLater: 7 });

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

  async removeUnusedOfUsers(userIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_OF_USERS, [userIds]);
  }

  async removeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_OF_INVITATIONS, [invitationIds]);
  }
}
