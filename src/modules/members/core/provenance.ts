import { columnsOf } from '../../../common/collections.js';
import type { Actor } from '../../audit/index.js';

/** Whose decision a membership is now: see docs/contract/members.md#provenance. */
export type MembershipSource = 'manual' | 'invitation' | 'jit' | 'sso_group' | 'scim' | 'bootstrap';

/** Who made a change, and the id of the audit entry that the same transaction writes about it. */
export type ChangeOrigin = {
  /** Null if no user did. */
  readonly userId: string | null;
  /** The API key or SCIM token; null for a session. */
  readonly keyId: string | null;
  readonly auditEntryId: string;
};

/** The code path that created a membership, with the source that the membership begins with. */
const SOURCES = {
  invitation: 'invitation',
  /** Added at once by a caller: alone, with a password, or as an existing member in a batch of invitations. */
  direct_add: 'manual',
  organization_creation: 'manual',
  workspace_creation: 'manual',
  /** The first sign-in: just-in-time provisioning with its default workspaces. */
  jit: 'jit',
  /** A group claim at sign-in. */
  sso_group: 'sso_group',
  /** `/scim/v2/Users`. */
  scim_user: 'scim',
  scim_group: 'scim',
  bootstrap: 'bootstrap',
  /** The command line. */
  operator: 'bootstrap',
} as const satisfies Record<string, MembershipSource>;

export type CreatedVia = keyof typeof SOURCES;

/** Unlike `source`, which says who may change the membership now, this never changes (docs/decisions/0055). */
export type Provenance = ChangeOrigin & {
  readonly via: CreatedVia;
  readonly invitationId: string | null;
};

export const changeBy = (actor: Actor, auditEntryId: string): ChangeOrigin => {
  const keyId = 'credential' in actor && actor.credential.kind !== 'session' ? actor.credential.id : null;
  return { userId: actor.userId, keyId, auditEntryId };
};

type ViaActor = 'direct_add' | 'organization_creation' | 'workspace_creation' | 'scim_user' | 'scim_group';

export const createdBy = (actor: Actor, via: ViaActor, auditEntryId: string): Provenance => ({
  ...changeBy(actor, auditEntryId),
  via,
  invitationId: null,
});

/** By a rule or by the operator: no user of the organization created it. */
export const createdByRule = (
  via: 'jit' | 'sso_group' | 'bootstrap' | 'operator',
  auditEntryId: string,
): Provenance => ({ via, userId: null, keyId: null, invitationId: null, auditEntryId });

/** By the user who invited; null for an invitation of a service key. */
export const createdByInvitation = (
  { id, invitedByUserId }: { id: string; invitedByUserId: string | null },
  auditEntryId: string,
): Provenance => ({
  via: 'invitation',
  userId: invitedByUserId,
  keyId: null,
  invitationId: id,
  auditEntryId,
});

export const PROVENANCE_COLUMNS =
  'source, created_via, invitation_id, created_by_user_id, created_by_key_id, created_audit_entry_id';

const TYPES = ['text', 'text', 'uuid', 'uuid', 'uuid', 'uuid'];

/** The parameters of those columns, one array each, from `$first` on. */
export const provenanceArrays = (first: number): string =>
  TYPES.map((type, index) => `$${first + index}::${type}[]`).join(', ');

export const provenanceValues = (rows: readonly { readonly provenance: Provenance }[]): unknown[][] =>
  columnsOf(
    rows.map(({ provenance }) => ({ ...provenance, source: SOURCES[provenance.via] })),
    'source',
    'via',
    'invitationId',
    'userId',
    'keyId',
    'auditEntryId',
  );
