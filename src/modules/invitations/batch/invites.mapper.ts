import type { OrgPrincipal } from '../../../common/access/principal.js';
import { canonicalEmail, canonicalEmailOrNull, InvalidEmail } from '../../../common/canonical-email.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import type { BodyRows } from '../../../common/http/operations/body.decorator.js';
import { toInstant } from '../../../common/http/operations/instant.js';
import { passwordProblems } from '../../../common/secrets/password-rule.js';
import type {
  PendingIdentity,
  PendingIdentityCreate,
  WorkspaceInviteResult,
} from '../../../contract/invitations.js';
import { requestedEnd } from '../../members/index.js';
import { mailOf, toOrgPending, toWorkspacePending } from '../core/pending-member.mapper.js';
import { batchRowLoc, type LocatedRows, locatedRows, type RowLocator } from '../core/row-location.js';
import type { InviteRow } from '../rights/invite-rights.js';
import type { ExistingMember, InviteOutcome } from './invite-outcomes.js';

type Invitable = Omit<PendingIdentityCreate, 'read_only'>;

type Options = { locate?: RowLocator; targetId?: string | null };

/** `targetId` is the inviting workspace. */
export function fromInvites(body: BodyRows<Invitable>, options: Options = {}): LocatedRows<InviteRow> {
  const { read, malformed } = readInvites(body, options);
  return locatedRows(
    read.map(({ loc, invite }) => ({ loc, row: invite })),
    malformed,
  );
}

/** A row without a usable address is only in `malformed`. */
export function readInvites<Row extends Invitable>(
  body: BodyRows<Row>,
  { locate = batchRowLoc, targetId = null }: Options = {},
) {
  const located = body.rows.map(({ index, row }) => ({ loc: locate(index), row }));
  const found = located.flatMap(({ loc, row }) => problemsOfInvite(row, loc));
  const read = located.flatMap(({ loc, row }) => {
    const email = canonicalEmailOrNull(row.email);
    return email === null ? [] : [{ loc, row, invite: fromInvite(row, targetId, email) }];
  });
  return { read, malformed: [...body.problems, ...found] };
}

const fromInvite = (body: Invitable, targetId: string | null, email: string): InviteRow => ({
  email,
  orgRoleId: body.role_id ?? null,
  workspaceIds: [...new Set([...(targetId ? [targetId] : []), ...(body.workspace_ids ?? [])])],
  workspaceRoleId: body.workspace_role_id ?? null,
  fullName: body.full_name ?? null,
  password: body.password ?? null,
  ...(body.access_expires_at === undefined ? {} : { accessExpiresAt: requestedEnd(body.access_expires_at) }),
});

export const toInviteOutcome =
  (principal: OrgPrincipal) =>
  (outcome: InviteOutcome): PendingIdentity => {
    const row = toRow(principal, outcome);
    const stored = row.access_expires_at ? toInstant(row.access_expires_at) : null;
    return { ...row, ...endOfRow(outcome.requestedEnd, stored) };
  };

function toRow(principal: OrgPrincipal, outcome: InviteOutcome): PendingIdentity {
  if (outcome.kind === 'member') return toExistingMember(outcome);
  const pending = outcome.fromWorkspaceId
    ? toWorkspacePending(principal, outcome.fromWorkspaceId)(outcome)
    : toOrgPending(principal)(outcome);
  return { ...pending, mail: mailOf(outcome) };
}

/** Says if what a row requests is not what is stored: inviting again does not change a member. */
export const endOfRow = (
  requested: Date | null | undefined,
  stored: Date | null,
): Pick<PendingIdentity, 'access_expires_at' | 'access_expires_at_applied'> => ({
  access_expires_at: stored?.toISOString() ?? null,
  ...(requested === undefined || requested?.getTime() === stored?.getTime()
    ? {}
    : { access_expires_at_applied: false }),
});

export const toWorkspaceInviteResult =
  (principal: OrgPrincipal) =>
  (outcome: InviteOutcome): WorkspaceInviteResult => ({
    ...toInviteOutcome(principal)(outcome),
    ls_user_id: outcome.kind === 'member' ? outcome.user.id : null,
  });

/** In the shape of a pending row, with the id of the membership (docs/contract/invitations.md#batches). */
function toExistingMember(member: ExistingMember): PendingIdentity {
  const { id, user, membership, orgRole, workspace, workspaces } = member;
  return {
    id,
    email: user.email,
    full_name: user.fullName,
    user_id: user.id,
    organization_id: membership.orgId,
    created_at: (workspace?.membership ?? membership).createdAt.toISOString(),
    access_scope: workspace ? 'workspace' : 'organization',
    tenant_id: workspace?.membership.workspaceId ?? null,
    workspace_ids: workspaces.map((visible) => visible.membership.workspaceId),
    workspace_role_id: workspaces[0]?.role.id ?? null,
    workspace_role_name: workspaces[0]?.role.displayName ?? null,
    role_id: orgRole.id,
    role_name: orgRole.displayName,
    org_role_id: orgRole.id,
    org_role_name: orgRole.displayName,
    password: null,
    read_only: false,
    mail: 'not_needed',
    link_made_at: null,
    access_expires_at: (workspace?.membership ?? membership).accessExpiresAt?.toISOString() ?? null,
  };
}

/** Problems that the body schema does not find; accepts rows of any shape. `loc` locates the row. */
export function problemsOfInvite(row: object, loc: Problem['loc']): Problem[] {
  const { email, password } = row as { email?: unknown; password?: unknown };
  const found = {
    email: typeof email === 'string' ? emailProblems(email) : [],
    password: typeof password === 'string' ? passwordProblems(password) : [],
  };
  return Object.entries(found).flatMap(([field, msgs]) =>
    msgs.map((msg) => ({ loc: [...loc, field], msg, type: 'value_error' })),
  );
}

function emailProblems(text: string): string[] {
  try {
    canonicalEmail(text);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEmail)) throw error;
    return [error.message];
  }
}
