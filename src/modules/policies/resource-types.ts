import type { WorkspacePermission } from '../../common/access/permissions.js';

/** The prefixes of the permissions that mean something for a type of resource; other types take any permission. */
const PERMISSIONS_OF_TYPE: ReadonlyMap<string, readonly string[]> = new Map([
  ['dataset', ['datasets:']],
  ['deployment', ['deployments:']],
  ['fleet_integration', ['mcp-servers:']],
  ['mcp_server', ['mcp-servers:']],
  ['project', ['projects:', 'runs:']], // runs have the tags of their project
  ['prompt', ['prompts:']],
  ['queue', ['annotation-queues:']],
  ['sandbox', ['sandboxes:']],
]);

/** Clients write the type of annotation queues as `queue` or as `queues`. */
export const resourceTypeOf = (name: string): string => (name === 'queues' ? 'queue' : name);

/** Whether a policy on resources of this type can be met by the permission (docs/contract/roles.md#access-policies). */
export const isMeaningful = (permission: WorkspacePermission, resourceType: string): boolean =>
  PERMISSIONS_OF_TYPE.get(resourceType)?.some((prefix) => permission.startsWith(prefix)) ?? true;
