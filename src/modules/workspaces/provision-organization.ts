import { Injectable } from '@nestjs/common';
import type { AuditOperation } from '../../common/http/operations/audit-operations.js';
import { Config } from '../../config/config.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type Actor, AuditTrail } from '../audit/index.js';
import { createdBy, createdByRule, membershipFacts, OrgMembersService } from '../members/index.js';
import { OrgsRepository } from '../orgs/index.js';
import { ORG_ADMIN_ID } from '../roles/index.js';
import {
  asAdmin,
  type NewWorkspace,
  WorkspacesService,
  type WorkspaceWithOrg,
  SET_BY_ADMIN,
} from './workspaces.service.js';

export type NewOrganization = {
  displayName: string;
  isPersonal: boolean;
  securityContact: string | null;
  /** With the configured name if absent. */
  workspace?: NewWorkspace;
};

type Creation = {
  actor: Actor;
  operation: AuditOperation;
  isDefault: boolean;
  ownerId: string;
  via: 'organization_creation' | 'bootstrap';
};

/** Creates an organization with its first workspace and its first admin. */
@Injectable()
export class ProvisionOrganization {
  constructor(
    private readonly transaction: Transaction,
    private readonly orgs: OrgsRepository,
    private readonly members: OrgMembersService,
    private readonly workspaces: WorkspacesService,
    private readonly config: Config,
    private readonly audit: AuditTrail,
  ) {}

  run(
    { workspace: requested, ...input }: NewOrganization,
    { actor, operation, isDefault, ownerId, via }: Creation,
  ): Promise<WorkspaceWithOrg> {
    const displayName = this.config.bootstrap.workspaceName;
    const first = requested ?? { id: null, displayName, tenantHandle: null };
    // No roster lock: no other transaction can see the organization before the commit.
    return this.transaction.run(async () => {
      const org = await this.orgs.create({ ...input, isDefault, createdByUserId: ownerId });
      const entryId = newId();
      const provenance = via === 'bootstrap' ? createdByRule(via, entryId) : createdBy(actor, via, entryId);
      const admin = { userId: ownerId, provenance };
      await this.members.add(org.id, [{ ...admin, roleId: ORG_ADMIN_ID }]);
      const workspace = await this.workspaces.insert(org, first, { actor, admin, name: SET_BY_ADMIN });
      const details = membershipFacts({
        orgAdded: [{ ...admin, roleId: ORG_ADMIN_ID }],
        added: [{ ...admin, ...asAdmin(workspace) }],
      });
      const scope = { orgId: org.id, workspaceId: workspace.id, entryId, details };
      await this.audit.record(actor, operation, [org.id, workspace.id], scope);
      return { org, workspace };
    });
  }
}
