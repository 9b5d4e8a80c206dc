import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import { ALL_WORKSPACE_PERMISSIONS, type WorkspacePermission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { last, unique } from '../../../common/collections.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { decideAccess, type Policy } from '../../policies/index.js';
import { heldRole, systemRole } from '../../roles/index.js';
import type { AccessSubject } from '../decisions/access-facts.read-model.js';
import { type AccessQuestion, DecideAccess, valuesByKey } from '../decisions/decide-access.js';
import { AskingRights } from './asking-rights.js';
import {
  type CandidateRow,
  CandidatesReadModel,
  type SourceRole,
  type Sources,
} from './candidates.read-model.js';
import { type Found, NOTHING_FOUND, type SearchPage } from './search-page.js';

type SubjectKind = AccessSubject['kind'];
/** The question of a search by subject. */
type Asked = Omit<AccessQuestion, 'subject' | 'resource'> & {
  readonly resource: { readonly type: string; readonly id: string } | null;
};
type FoundSubject = { readonly type: SubjectKind; readonly id: string };

/** What can give the permission in the workspace; the rest cannot, so that its holders need not be asked about. */
type Allowing = {
  readonly admins: boolean;
  readonly roleIds: readonly string[];
  readonly groupIds: readonly string[];
};

/** Who may do something, where a subject may do it, and what it may do (sections 8.4 to 8.6). */
@Injectable()
export class SearchAccess {
  constructor(
    private readonly rights: AskingRights,
    private readonly candidates: CandidatesReadModel,
    private readonly decisions: DecideAccess,
  ) {}

  /** About a workspace; or about all, which needs `organization:manage`. @throws PermissionMissing */
  async assertMaySearch(principal: OrgPrincipal, workspaceId: string | null): Promise<void> {
    const maySearch =
      workspaceId === null
        ? principal.can('organization:manage')
        : (await this.rights.of(principal))({ workspaceId });
    if (!maySearch) throw new PermissionMissing('organization:manage');
  }

  async subjects(
    orgId: string,
    kind: SubjectKind | null,
    asked: Asked,
    page: SearchPage,
  ): Promise<Found<FoundSubject>> {
    const { workspaceId, permission, resource } = asked;
    if (kind === null || permission === null) return NOTHING_FOUND;
    const toCandidate = ({ position, id }: CandidateRow) => ({
      position,
      item: { type: kind, id },
      question: { ...asked, subject: { kind, id } },
    });
    if (kind === 'user') {
      const sources = await this.candidates.loadSources(orgId, workspaceId, permission, resource);
      const users = new Users(this.candidates, orgId, workspaceId, allowingOf(sources, permission, resource));
      return page.fill(orgId, this.decisions, async (after, limit) => {
        const { rows, next } = await users.read(after, limit);
        return { candidates: rows.map(toCandidate), next };
      });
    }
    const list = kind === 'service_account' ? 'listServiceAccounts' : 'listServiceKeys';
    return page.fill(orgId, this.decisions, async (after, limit) => {
      const rows = await this.candidates[list](orgId, workspaceId, after, limit);
      return { candidates: rows.map(toCandidate), next: endOf(rows, limit) };
    });
  }

  async workspaces(
    orgId: string,
    asked: Pick<AccessQuestion, 'subject' | 'permission'>,
    page: SearchPage,
  ): Promise<Found<string>> {
    if (asked.permission === null) return NOTHING_FOUND;
    return page.fill(orgId, this.decisions, async (after, limit) => {
      const rows = await this.candidates.listWorkspaces(orgId, asked.subject, after, limit);
      return {
        candidates: rows.map(({ position, id }) => ({
          position,
          item: id,
          question: { ...asked, workspaceId: id, resource: null },
        })),
        next: endOf(rows, limit),
      };
    });
  }

  async permissions(
    orgId: string,
    { isKnown, ...asked }: Omit<AccessQuestion, 'permission'> & { readonly isKnown: boolean },
    page: SearchPage,
  ): Promise<Found<WorkspacePermission>> {
    if (!isKnown) return NOTHING_FOUND;
    return page.fill(orgId, this.decisions, (after) => {
      const names = ALL_NAMES.filter((name) => after === null || name > after);
      const candidates = names.map((name) => ({
        position: name,
        item: name,
        question: { ...asked, permission: name },
      }));
      return Promise.resolve({ candidates, next: null });
    });
  }
}

/** The position after which more may follow; null after the last one. */
const endOf = (rows: readonly CandidateRow[], limit: number): string | null =>
  rows.length < limit ? null : last(rows).position;

const ALL_NAMES = [...ALL_WORKSPACE_PERMISSIONS].sort();

function allowingOf(
  { roles, groups, policies, tags }: Sources,
  permission: WorkspacePermission,
  resource: Asked['resource'],
): Allowing {
  const query = { permission, resource: resource && { type: resource.type, tags: valuesByKey(tags) } };
  const applying = (effect: Policy['effect']) => {
    const reason = `policy_${effect}` as const;
    const ids = policies.filter((one) => decideAccess({ permissions: [] }, [one], query).reason === reason);
    return new Set(ids.map(({ id }) => id));
  };
  const [allows, denies] = [applying('allow'), applying('deny')];
  const has = ({ policyIds }: { policyIds: readonly string[] }, ids: ReadonlySet<string>) =>
    policyIds.some((id) => ids.has(id));
  const isPermitting = ({ id, permits }: SourceRole) =>
    permits ?? heldRole(id, null)?.permissions.has(permission);
  const allowing = new Set(
    roles.filter((role) => isPermitting(role) || has(role, allows)).map(({ id }) => id),
  );
  const denying = new Set(roles.filter((role) => has(role, denies)).map(({ id }) => id));
  return {
    admins: allowing.has(WORKSPACE_ADMIN_ID) && !denying.has(WORKSPACE_ADMIN_ID),
    roleIds: [...allowing].filter((id) => !denying.has(id)),
    groupIds: unique(
      groups
        .filter((group) => allowing.has(group.roleId) || has(group, allows))
        .filter((group) => !denying.has(group.roleId) && !has(group, denies))
        .map(({ id }) => id),
    ),
  };
}

const WORKSPACE_ADMIN_ID = systemRole('WORKSPACE_ADMIN').id;

type Page = { readonly rows: readonly CandidateRow[]; readonly next: string | null };

/** Of a user among those who may be found: the number of a phase, and an id. */
export const isUserPosition = (position: string): boolean =>
  /^[1-3] $/.test(position.slice(0, 2)) && UUID.test(position.slice(2));

/**
 * Users who may be allowed: organization admins, then members of the workspace by their own role, then by their groups.
 * Positions have the number of the phase. Each user is in one phase.
 */
class Users {
  constructor(
    private readonly candidates: CandidatesReadModel,
    private readonly orgId: string,
    private readonly workspaceId: string,
    private readonly allowing: Allowing,
  ) {}

  async read(after: string | null, limit: number): Promise<Page> {
    const [from = '1', id = null] = after?.split(' ') ?? [];
    const rows: CandidateRow[] = [];
    for (let phase = Number(from); phase <= 3; phase++) {
      const page = await this.readPhase(phase, phase === Number(from) ? id : null, limit - rows.length);
      rows.push(...page.rows.map((row) => ({ ...row, position: `${phase} ${row.position}` })));
      if (page.next !== null) return { rows, next: `${phase} ${page.next}` };
    }
    return { rows, next: null };
  }

  private async readPhase(phase: number, after: string | null, limit: number): Promise<Page> {
    const { admins, roleIds, groupIds } = this.allowing;
    if (phase === 3) return this.readGroups(groupIds, roleIds, after, limit);
    if (phase === 1 ? !admins : roleIds.length === 0) return { rows: [], next: null };
    const rows = await (phase === 1
      ? this.candidates.listAdmins(this.orgId, after, limit)
      : this.candidates.listByOwnRole(this.orgId, this.workspaceId, roleIds, after, limit));
    return { rows, next: rows.length < limit ? null : (rows.at(-1)?.position ?? after) };
  }

  private async readGroups(
    groupIds: readonly string[],
    roleIds: readonly string[],
    after: string | null,
    limit: number,
  ): Promise<Page> {
    if (groupIds.length === 0) return { rows: [], next: null };
    const { ids, end } = await this.candidates.scanGroups(this.workspaceId, groupIds, roleIds, after, limit);
    const rows = ids.map((id) => ({ position: id, id }));
    return { rows, next: rows.length < limit ? end : (ids.at(-1) ?? after) };
  }
}
