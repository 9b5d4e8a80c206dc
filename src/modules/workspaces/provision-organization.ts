import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { newId } from '../../database/statements/new-id.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type Actor, type AuditOperation, AuditTrail } from '../audit/index.js';
import { createdBy, createdByRule, OrgMembersService } from '../members/index.js';
import { OrgsRepository } from '../orgs/index.js';
import { ORG_ADMIN_ID } from '../roles/index.js';
import { type NewWorkspace, WorkspacesService, type WorkspaceWithOrg } from './workspaces.service.js';

export type OrganizationInput = {
  /** Actor and operation of the audit entry. */
  actor: Actor;
  operation: AuditOperation;
  displayName: string;
  isPersonal: boolean;
  isDefault: boolean;
  ownerId: string;
  securityContact?: string | null;
  /** The configured name if absent. */
  workspace?: NewWorkspace;
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

  run({ ownerId, via, ...input }: OrganizationInput): Promise<WorkspaceWithOrg> {
    const first = input.workspace ?? {
      id: null,
      displayName: this.config.bootstrap.workspaceName,
      tenantHandle: null,
    };
    // No roster lock: no other transaction can see the organization before the commit.
    return this.transaction.run(async () => {
      const { displayName, isPersonal, isDefault, securityContact = null } = input;
      const name = { displayName, isPersonal, isDefault, securityContact };
      const org = await this.orgs.create({ ...name, createdByUserId: ownerId });
      const entryId = newId();
      const provenance =
        via === 'bootstrap' ? createdByRule(via, entryId) : createdBy(input.actor, via, entryId);
      await this.members.add(org.id, [{ userId: ownerId, roleId: ORG_ADMIN_ID, provenance }]);
      const admin = { userId: ownerId, provenance };
      const workspace = await this.workspaces.insert(org, first, {
        actor: input.actor,
        admin,
        nameSetByAdmin: true,
      });
      const scope = { orgId: org.id, workspaceId: workspace.id, entryId };
      await this.audit.record(input.actor, input.operation, [org.id, workspace.id], scope);
      return { org, workspace };
    });
  }
}
