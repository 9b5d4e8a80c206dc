import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transaction.js';
import { type Actor, type AuditOperation, AuditTrail } from '../audit/index.js';
import { OrgMembersService } from '../members/index.js';
import { OrgsService } from '../orgs/index.js';
import { ORG_ADMIN_ID } from '../rbac/index.js';
import { type NewWorkspace, type PlacedWorkspace, WorkspacesService } from './workspaces.service.js';

export type Founding = {
  /** Whose doing it is, and how the audit log calls it. */
  actor: Actor;
  operation: AuditOperation;
  displayName: string;
  isPersonal: boolean;
  isDefault: boolean;
  founderId: string;
  securityContact?: string | null;
  /** Named as configured when absent. */
  workspace?: NewWorkspace;
  source: 'manual' | 'bootstrap';
};

/** A new organization, never without an admin and a first workspace. */
@Injectable()
export class FoundOrganization {
  constructor(
    private readonly transaction: Transaction,
    private readonly orgs: OrgsService,
    private readonly members: OrgMembersService,
    private readonly workspaces: WorkspacesService,
    private readonly config: Config,
    private readonly audit: AuditTrail,
  ) {}

  run({ founderId, source, ...founding }: Founding): Promise<PlacedWorkspace> {
    const first = founding.workspace ?? {
      id: null,
      displayName: this.config.bootstrap.workspaceName,
      tenantHandle: null,
    };
    // Nobody else knows the organization before it commits: there is no roster lock to take.
    return this.transaction.run(async () => {
      const { displayName, isPersonal, isDefault, securityContact = null } = founding;
      const named = { displayName, isPersonal, isDefault, securityContact };
      const org = await this.orgs.create({ ...named, createdByUserId: founderId });
      const admin = { userId: founderId, roleId: ORG_ADMIN_ID };
      await this.members.add(org.id, [admin], source);
      const workspace = await this.workspaces.insert(org, first, founding.actor);
      await this.workspaces.addAdmin(workspace, founderId, source);
      const scope = { orgId: org.id, workspaceId: workspace.id };
      await this.audit.record(founding.actor, founding.operation, [org.id, workspace.id], scope);
      return { org, workspace };
    });
  }
}
