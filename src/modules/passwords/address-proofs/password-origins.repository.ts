import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';
import type { PasswordOrigin } from './address-proof.js';

type OriginRow = PasswordOrigin & { readonly userId: string };

const SHOWN = `
  select user_id as "userId", chosen_by as "chosenBy", vouching_org_id as "vouchingOrgId",
    address_proved as "addressProved",
    exists (
      select from org_memberships m join organizations o on o.id = m.org_id
      where m.user_id = p.user_id and o.is_personal and o.created_by_user_id is distinct from p.user_id
    ) as "isInOthersPersonalOrg"
  from passwords p where user_id = any($1)`;

const LIST = { name: 'password_origins_list', text: SHOWN };

/**
 * Setting a password locks its row before memberships are read, so it waits for transactions that rely on this
 * result.
 */
const LOCK = { name: 'password_origins_lock', text: `${SHOWN} order by user_id for share of p` };

const FIND_SESSION = { name: 'password_origins_find_session', text: 'select from sessions where id = $1' };

const ONLY_ORG = {
  name: 'password_origins_only_org',
  text: `
    select id from organizations o where not is_personal
      and not exists (select from organizations other where other.id <> o.id and not other.is_personal)`,
};

/** Origins of passwords: a read model over `passwords`, `org_memberships`, `organizations` and `sessions`. */
@Injectable()
export class PasswordOriginsRepository {
  constructor(private readonly sql: Sql) {}

  /** By user; users without a password are missing. */
  async find(userIds: readonly string[]): Promise<Map<string, PasswordOrigin>> {
    return byUser(await this.sql.rows<OriginRow>(LIST, [userIds]));
  }

  /** `find` with a lock: the passwords do not change until the open transaction ends. */
  async lock(userIds: readonly string[]): Promise<Map<string, PasswordOrigin>> {
    return byUser(await this.sql.rows<OriginRow>(LOCK, [userIds]));
  }

  /** False if the session has ended. */
  async hasSession(sessionId: string): Promise<boolean> {
    return (await this.sql.row(FIND_SESSION, [sessionId])) !== null;
  }

  /** The only organization that is not personal; null if there are several or none. */
  async findOnlyOrg(): Promise<string | null> {
    return (await this.sql.row<{ id: string }>(ONLY_ORG, []))?.id ?? null;
  }
}

const byUser = (rows: readonly OriginRow[]) => new Map(rows.map((row) => [row.userId, row]));
