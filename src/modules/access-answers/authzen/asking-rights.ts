import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, Principal } from '../../../common/access/principal.js';
import type { AccessSubject } from '../decisions/access-facts.read-model.js';
import type { AccessQuestion } from '../decisions/decide-access.js';
import { WorkspacePermissions } from '../../user-groups/index.js';

/** Whether a caller may ask a question; searches leave out the subject. */
type MayAsk = (question: Pick<AccessQuestion, 'workspaceId'> & { subject?: AccessSubject }) => boolean;

/**
 * Who may ask (docs/contract/authzen.md#who-may-ask): about oneself with `organization:read`; about others, and by
 * searches, with `organization:manage`, or about a workspace in which one holds `workspaces:manage-members`.
 */
@Injectable()
export class AskingRights {
  constructor(private readonly permissions: WorkspacePermissions) {}

  async of(principal: OrgPrincipal): Promise<MayAsk> {
    if (principal.can('organization:manage')) return () => true;
    const readsOrg = principal.can('organization:read');
    const managed = await this.permissions.listWith(principal, 'workspaces:manage-members');
    return ({ subject, workspaceId }) =>
      (readsOrg && subject !== undefined && isCaller(principal, subject)) ||
      (managed?.includes(workspaceId) ?? true);
  }

  /** Whether there is anything that the caller may ask. */
  async mayAskAnything(principal: OrgPrincipal): Promise<boolean> {
    if (principal.can('organization:read')) return true;
    const managed = await this.permissions.listWith(principal, 'workspaces:manage-members');
    return managed === null || managed.length > 0;
  }
}

function isCaller({ credential, userId, email }: Principal, subject: AccessSubject): boolean {
  if (subject.kind === 'user') return 'id' in subject ? subject.id === userId : subject.email === email;
  return subject.kind === 'service_key' && credential.kind === 'service-key' && subject.id === credential.id;
}
