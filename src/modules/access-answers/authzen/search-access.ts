import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import { ALL_WORKSPACE_PERMISSIONS, type WorkspacePermission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { last } from '../../../common/collections.js';
import { type AccessQuestion, DecideAccess } from '../decisions/decide-access.js';
import { AskingRights } from './asking-rights.js';
import { CandidatesReadModel } from './candidates.read-model.js';
import { type Found, NOTHING_FOUND, type SearchPage } from './search-page.js';

/** Where a subject may do something, and what it may do (sections 8.5 and 8.6). */
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
        next: rows.length < limit ? null : last(rows).position,
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

const ALL_NAMES = [...ALL_WORKSPACE_PERMISSIONS].sort();
