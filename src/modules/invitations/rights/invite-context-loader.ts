import { Injectable } from '@nestjs/common';
import { RightsChanged } from '../../../common/access/access.errors.js';
import { AccessLimits } from '../../../common/access/access-limits.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { type Org, OrgsRepository } from '../../orgs/index.js';
import { mayChoosePasswords, RolesService } from '../../roles/index.js';
import { InviteSettings } from '../../settings/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { INVITES_ARE_OFF, PERSONAL_ORG_IS_CLOSED } from '../core/invitations.errors.js';
import {
  changesOf,
  type InviteFacts,
  type InviteOrigin,
  inviteRights,
  type InviteRow,
  orgRoleOf,
  personAt,
  workspaceRoleOf,
} from './invite-rights.js';
import { type InvitedPeople, InvitedPeopleLoader } from './invited-people-loader.js';

/** Everything that is loaded to decide a request, by address; `facts` is what the rule needs of it. */
export type InviteContext = Omit<InvitedPeople, 'people' | 'refusedEnds'> & { org: Org; facts: InviteFacts };

/** Loads the context of a request under the roster lock, with one statement per table, most of them in one round trip. */
@Injectable()
export class InviteContextLoader {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly settings: InviteSettings,
    private readonly invited: InvitedPeopleLoader,
    private readonly roles: RolesService,
    private readonly workspaces: WorkspacesService,
    private readonly limits: AccessLimits,
  ) {}

  /** @throws RightsChanged if the caller's rights changed with a switch while the request waited for the lock */
  async load(
    principal: OrgPrincipal,
    rows: readonly InviteRow[],
    { rights, fromWorkspaceId, addsMembers }: InviteOrigin,
  ): Promise<InviteContext> {
    const { orgId } = principal;
    const [org, { people, refusedEnds, ...found }, requested] = await awaitAll([
      this.orgs.get(orgId),
      this.invited.load(orgId, rows),
      this.findTargets(orgId, rows),
    ]);
    if (inviteRights(principal, this.settings.allowsWorkspaceAdmins(org)) !== rights)
      throw new RightsChanged();
    const parts = [...people.values()].flatMap(({ invitationParts }) => invitationParts);
    const [targets, excessOf] = await awaitAll([
      parts.length === 0 ? requested : this.findTargets(orgId, [...rows, ...parts]),
      this.limits.load(principal, [
        ...rows.flatMap((row) => changesOf(row, personAt(row.email, { people }).userId)),
        ...parts.flatMap((part) => changesOf(part, null)),
      ]),
    ]);
    const closed = closedBy(org);
    return {
      ...found,
      org,
      facts: {
        rights,
        fromWorkspaceId,
        addsMembers,
        mayChoosePasswords: mayChoosePasswords(principal),
        closedReason: closed && CLOSED_REASONS[closed],
        admitsDirectly: addsMembers && closed !== 'personal_organization',
        ...targets,
        excessOf,
        refusedEnds,
        people,
      },
    };
  }

  /** The roles and workspaces of the rows, as far as the organization has them. */
  private async findTargets(
    orgId: string,
    rows: readonly InviteRow[],
  ): Promise<Pick<InviteFacts, 'roles' | 'workspaceIds'>> {
    const roleIds = unique(rows.flatMap((row) => [orgRoleOf(row), workspaceRoleOf(row)]));
    const [roles, workspaces] = await awaitAll([
      this.roles.findByIds(orgId, roleIds),
      this.workspaces.findByIds(orgId, unique(rows.flatMap(({ workspaceIds }) => workspaceIds))),
    ]);
    return { roles, workspaceIds: new Set(workspaces.keys()) };
  }
}

/** Why an organization accepts no new members, for people. */
export const CLOSED_REASONS = {
  personal_organization: PERSONAL_ORG_IS_CLOSED,
  invites_disabled: INVITES_ARE_OFF,
} as const;

/** Null if the organization accepts new members. */
export function closedBy({
  isPersonal,
  invitesEnabled,
}: Pick<Org, 'isPersonal' | 'invitesEnabled'>): keyof typeof CLOSED_REASONS | null {
  if (isPersonal) return 'personal_organization';
  return invitesEnabled ? null : 'invites_disabled';
}
