import { canonicalSearchEmail } from '../../../common/canonical-email.js';
import { inUtc } from '../../../common/http/operations/instant.js';
import type { InvitationMail } from '../../../contract/enums.js';
import type {
  OrgPendingIdentity,
  PendingIdentity,
  PendingIdentityPatch,
} from '../../../contract/invitations.js';
import type { OrgPendingQuery, PendingQuery } from '../../../contract/lists.js';
import type { AuditDetails } from '../../audit/index.js';
import { requestedEnd } from '../../members/index.js';
import { assertNamesRole, mayGrantOrgAdmin, type RoleReference } from '../../roles/index.js';
import type { PendingListQuery, PendingMember } from './pending-member-directory.read-model.js';

type Caller = Parameters<typeof mayGrantOrgAdmin>[0];

/** All workspaces, and the role in the first (docs/contract/invitations.md#one-invitation-per-address). */
export const toOrgPending =
  (caller: Caller) =>
  (pendingMember: PendingMember): OrgPendingIdentity => ({
    ...shared(pendingMember, caller),
    access_scope: 'organization',
    tenant_id: null,
    workspace_ids: pendingMember.grants.map(({ workspaceId }) => workspaceId),
    tenant_ids: pendingMember.grants.map(({ workspaceId }) => workspaceId),
    ...workspaceRole(pendingMember.grants[0]),
    access_expires_at: pendingMember.accessExpiresAt?.toISOString() ?? null,
  });

export const toWorkspacePending =
  (caller: Caller, workspaceId: string) =>
  (pendingMember: PendingMember): PendingIdentity => {
    const grant = pendingMember.grants.find((one) => one.workspaceId === workspaceId);
    return {
      ...shared(pendingMember, caller),
      access_scope: 'workspace',
      tenant_id: workspaceId,
      workspace_ids: [workspaceId],
      ...workspaceRole(grant),
      access_expires_at: grant?.accessExpiresAt ? inUtc(grant.accessExpiresAt) : null,
    };
  };

const workspaceRole = (grant: PendingMember['grants'][number] | undefined) => ({
  workspace_role_id: grant?.roleId ?? null,
  workspace_role_name: grant?.roleName ?? null,
});

/** What became of the mail; for responses of operations that send some. */
export const mailOf = ({ isMailed, refusedAt }: PendingMember): InvitationMail =>
  refusedAt ? 'refused' : isMailed ? 'queued' : 'not_configured';

/** Whether lists say so: to those who may make password links (docs/contract/invitations.md#mails). */
export const seesDelivery = (caller: Caller): boolean => mayGrantOrgAdmin(caller);

const deliveryFor = (caller: Caller, pendingMember: PendingMember) => {
  const shown = seesDelivery(caller) ? pendingMember : null;
  return {
    mail: shown && mailOf(shown),
    mail_refused_at: shown?.refusedAt?.toISOString() ?? null,
    mail_refusal_code: shown?.refusalCode ?? null,
    link_made_at: shown?.linkMadeAt?.toISOString() ?? null,
  };
};

/** `role_id`: see docs/contract/members.md#identity-rows. `user_id`: inviters must not learn who has an account. */
const shared = (pendingMember: PendingMember, caller: Caller) => ({
  id: pendingMember.id,
  email: pendingMember.email,
  full_name: pendingMember.fullName,
  user_id: null,
  organization_id: pendingMember.orgId,
  created_at: pendingMember.createdAt.toISOString(),
  role_id: pendingMember.orgRoleId,
  role_name: pendingMember.orgRoleName,
  org_role_id: pendingMember.orgRoleId,
  org_role_name: pendingMember.orgRoleName,
  password: null,
  read_only: false,
  is_expired: pendingMember.isExpired,
  expires_at: pendingMember.expiresAt?.toISOString() ?? null,
  ...deliveryFor(caller, pendingMember),
});

/** Absent stays. Without an end of access there is a role. */
export type PendingChange = {
  readonly role: RoleReference | null;
  readonly accessExpiresAt: Date | null | undefined;
};

/** @throws InvalidRoleReference if the body names neither a role nor an end of access */
export function fromPendingPatch(body: PendingIdentityPatch): PendingChange {
  const { role_id: id = null, role_name: name = null } = body;
  const role = { id, name };
  const accessExpiresAt = requestedEnd(body.access_expires_at);
  const namesRole = id !== null || name !== null;
  if (namesRole || accessExpiresAt === undefined) assertNamesRole(role);
  return { role: namesRole ? role : null, accessExpiresAt };
}

/** For the audit log; nothing if the end stays. */
export const endFacts = (from: Date | null, to: Date | null | undefined): AuditDetails =>
  to === undefined
    ? {}
    : {
        from_access_expires_at: from?.toISOString() ?? null,
        to_access_expires_at: to?.toISOString() ?? null,
      };

export const fromPendingQuery = (query: PendingQuery & Partial<OrgPendingQuery>): PendingListQuery => ({
  limit: query.limit ?? null,
  offset: query.offset ?? 0,
  emails: (query.emails ?? []).map(canonicalSearchEmail),
  q: query.q || null,
  waitingForLink: query.waiting_for_link ?? false,
  mailRefused: query.mail_refused ?? false,
  sortBy: query.sort_by ?? 'created_at',
  descending: query.sort_by_desc ?? true,
  roleIds: query.role_ids ?? [],
  isExpired: query.is_expired ?? null,
});
