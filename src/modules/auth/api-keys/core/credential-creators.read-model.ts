import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../../../roles/index.js';

/** A member who created a key or token. */
export type CredentialCreator = {
  readonly id: string;
  readonly membershipId: string;
  readonly email: string;
  readonly orgRoleId: string;
  readonly isDisabled: boolean;
};

/** Null: no longer a member. */
export const isGone = (creator: CredentialCreator | null): boolean => creator === null || creator.isDisabled;

/**
 * Whether what a user created allows more than they may currently do, by their organization role; null if the creator is
 * unknown (docs/contract/keys.md#who-created-a-key). `isActive`: it allows anything; `roles`: those that may do it all.
 */
export function isBeyondCreator(
  { createdByUserId }: { readonly createdByUserId: string | null },
  creator: CredentialCreator | null,
  { isActive, roles = [ORG_ADMIN_ID] }: { isActive: boolean; roles?: readonly string[] },
): boolean | null {
  if (createdByUserId === null) return null;
  return isActive && (creator === null || creator.isDisabled || !roles.includes(creator.orgRoleId));
}

const LIST = named('credential_creators_list')`
  select u.id, m.id as "membershipId", u.email, m.role_id as "orgRoleId", m.is_disabled as "isDisabled"
  from current_org_memberships m join users u on u.id = m.user_id
  where m.org_id = $1 and m.user_id = any($2)`;

@Injectable()
export class CredentialCreators {
  constructor(private readonly sql: Sql) {}

  /** By user id, in one statement; users who are unknown or no longer members of the organization are missing. */
  async findOf(
    orgId: string,
    credentials: readonly { readonly createdByUserId: string | null }[],
  ): Promise<ReadonlyMap<string, CredentialCreator>> {
    const ids = new Set(credentials.flatMap(({ createdByUserId }) => createdByUserId ?? []));
    if (ids.size === 0) return new Map();
    const rows = await this.sql.rows<CredentialCreator>(LIST, [orgId, [...ids]]);
    return new Map(rows.map((creator) => [creator.id, creator]));
  }
}
