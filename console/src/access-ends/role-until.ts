import type { QueryKey } from '@tanstack/react-query';
import type { Role } from '../roles/role-list';

/** A member of the organization or of a workspace. */
export type MemberWithEnd = {
  readonly id: string;
  readonly role_id?: string | null;
  readonly access_expires_at?: string | null;
  readonly reverts_to_role_id?: string | null;
};

export type RoleUntil = {
  readonly id: string;
  readonly role_id: string;
  readonly access_expires_at: string | null;
  readonly reverts_to_role_id: string | null;
};

/** How it is changed, and what is read again afterwards. */
export type EndRequests = {
  readonly changeEnd: (change: RoleUntil) => Promise<unknown>;
  readonly keys: readonly QueryKey[];
};

/** A temporary role goes with its end when the role is changed; this gives it back as it was. */
export const temporaryRole = ({
  access_expires_at: end,
  reverts_to_role_id: next,
}: Omit<MemberWithEnd, 'id'>) => (end && next ? { access_expires_at: end, reverts_to_role_id: next } : {});

/** The later role may have no permission that the temporary one lacks. */
export const isWithin = (later: Role, temporary: Role): boolean =>
  later.id !== temporary.id && later.permissions.every((one) => temporary.permissions.includes(one));

/** In a request that adds or invites; without an end it leaves that of a pending invitation as it is. */
export const namedEnd = (end: string | null | undefined) => (end ? { access_expires_at: end } : {});
