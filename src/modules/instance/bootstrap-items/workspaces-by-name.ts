import { Injectable } from '@nestjs/common';
import { WorkspacesService } from '../../workspaces/index.js';
import { WorkspaceOfItemMissing } from './bootstrap-items.errors.js';

/** Finds workspaces of an organization by name; of several with one name, the oldest. */
@Injectable()
export class WorkspacesByName {
  constructor(private readonly workspaces: WorkspacesService) {}

  async has(orgId: string, name: string): Promise<boolean> {
    return (await this.idsByName(orgId)).has(name);
  }

  /** @throws WorkspaceOfItemMissing */
  async idsOf(orgId: string, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const ids = await this.idsByName(orgId);
    return [...new Set(names)].map((name) => {
      const id = ids.get(name);
      if (id === undefined) throw new WorkspaceOfItemMissing(name);
      return id;
    });
  }

  private async idsByName(orgId: string): Promise<ReadonlyMap<string, string>> {
    const newestFirst = (await this.workspaces.listByOrg(orgId)).toReversed();
    return new Map(newestFirst.map(({ displayName, id }) => [displayName, id]));
  }
}
