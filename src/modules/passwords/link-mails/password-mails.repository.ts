import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/new-id.js';
import { RemovalJob } from '../../../database/removal.job.js';
import { Sql, type Statement } from '../../../database/sql.js';
import { sweep } from '../../../database/sweep.statements.js';
import { MAY_SIGN_IN, OLDEST_MEMBERSHIP } from '../links/link-owner.statements.js';

export type DuePasswordMail = {
  readonly email: string;
  /** Null: the password is forgotten. */
  readonly orgId: string | null;
  readonly userId: string;
  /** Whose audit log has the link: that organization, or the oldest of the user. */
  readonly auditOrgId: string | null;
  readonly fullName: string | null;
  /** Null for an account without an organization. */
  readonly orgName: string | null;
  readonly language: string | null;
};

const INSERT: Statement = {
  name: 'password_mails_insert',
  text: `
    insert into password_mails (id, email, org_id)
    select id, email, $3 from unnest($1::uuid[], $2::text[]) as given (id, email)`,
};

/** Whoever waits for a link to a forgotten password has given up after an hour. */
const FIND_DUE: Statement = {
  name: 'password_mails_find_due',
  text: `
    select m.email, m.org_id as "orgId", u.id as "userId", u.full_name as "fullName", o.id as "auditOrgId",
      o.display_name as "orgName", o.mail_language as language
    from password_mails m join users u on u.email = m.email
      ${OLDEST_MEMBERSHIP}
      left join organizations o on o.id = coalesce(m.org_id, oldest.org_id)
    where m.id = $1 and m.handed_over_at is null and ${MAY_SIGN_IN}
      and m.created_at > now() - case when m.org_id is null then interval '1 hour' else interval '1 day' end`,
};

const CLAIM_HANDOVER: Statement = {
  name: 'password_mails_hand_over',
  text: 'update password_mails set handed_over_at = now() where id = $1 and handed_over_at is null',
};

const RELEASE_HANDOVER: Statement = {
  name: 'password_mails_take_back',
  text: 'update password_mails set handed_over_at = null where id = $1',
};

/** Jobs are retried for a day. */
const OLD = sweep('password_mails', { key: 'id', time: 'created_at', daysLater: 2 });

@Injectable()
export class PasswordMailsRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('mails with password links', OLD);
  }

  /** Returns their ids. */
  async insert(emails: readonly string[], orgId: string | null): Promise<string[]> {
    const ids = emails.map(() => newId());
    await this.sql.affected(INSERT, [ids, emails, orgId]);
    return ids;
  }

  /** Null if it was sent, or if the address has no account that may sign in. */
  findDue(id: string): Promise<DuePasswordMail | null> {
    return this.sql.row<DuePasswordMail>(FIND_DUE, [id]);
  }

  /** False if another worker sends it. */
  async claimHandover(id: string): Promise<boolean> {
    return (await this.sql.affected(CLAIM_HANDOVER, [id])) === 1;
  }

  /** Called if the mail server refused the mail. */
  async releaseHandover(id: string): Promise<void> {
    await this.sql.affected(RELEASE_HANDOVER, [id]);
  }
}
