import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { ScimGroupsService } from '../groups/scim-groups.service.js';
import type { BulkOperation } from '../protocol/bulk.js';
import { etagOf } from '../protocol/resource.js';
import { ScimUsersService } from '../users/scim-users.service.js';

type BulkResult = { id: string; status: '200' | '201' | '204'; version?: string };

/** Executes one bulk operation like the same single request. */
@Injectable()
export class BulkStep {
  constructor(
    private readonly users: ScimUsersService,
    private readonly groups: ScimGroupsService,
  ) {}

  run(principal: ScimPrincipal, operation: BulkOperation): Promise<BulkResult> {
    return operation.resource === 'Users'
      ? this.runOnUser(principal, operation)
      : this.runOnGroup(principal, operation);
  }

  private async runOnUser(
    principal: ScimPrincipal,
    { method, id, version, data }: BulkOperation,
  ): Promise<BulkResult> {
    const target = { id: id ?? '', ifMatch: version };
    if (method === 'DELETE') {
      await this.users.remove(principal, target);
      return { id: target.id, status: '204' };
    }
    if (method === 'POST') return created(await this.users.create(principal, data));
    const row = await this.users[method === 'PUT' ? 'replace' : 'patch'](principal, target, data);
    return { id: row.id, status: '200', version: etagOf(row.version) };
  }

  private async runOnGroup(
    principal: ScimPrincipal,
    { method, id, version, data }: BulkOperation,
  ): Promise<BulkResult> {
    const target = { id: id ?? '', ifMatch: version };
    if (method === 'DELETE') {
      await this.groups.remove(principal, target);
      return { id: target.id, status: '204' };
    }
    if (method === 'POST') return created({ id: await this.groups.create(principal, data), version: 1 });
    await this.groups[method === 'PUT' ? 'replace' : 'patch'](principal, target, data);
    const row = await this.groups.get(principal, target.id, { withMembers: false });
    return { id: row.id, status: '200', version: etagOf(row.version) };
  }
}

const created = ({ id, version }: { id: string; version: number }): BulkResult => ({
  id,
  status: '201',
  version: etagOf(version),
});
