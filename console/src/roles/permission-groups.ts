import type { Permission } from './use-roles';

/** `verb`: what follows the resource, as in `read` of `datasets:read` and `user-groups:read` of `workspaces:user-groups:read`. */
type Entry = { readonly verb: string; readonly permission: Permission };
export type Resource = { readonly name: string; readonly entries: readonly Entry[] };

/** How many verbs get a column of their own. */
const COLUMNS = 4;

/**
 * Permissions by their resource, in the order of the server. `columns`: the verbs that most resources have, so that they
 * can stand below each other.
 */
export function groupByResource(permissions: readonly Permission[]): {
  resources: Resource[];
  columns: string[];
} {
  const entries = permissions.map((permission) => {
    const [resource = '', ...verb] = permission.name.split(':');
    return { resource, verb: verb.join(':'), permission };
  });
  const resources = [...Map.groupBy(entries, ({ resource }) => resource)].map(([name, own]) => ({
    name,
    entries: own,
  }));
  const byVerb = [...Map.groupBy(entries, ({ verb }) => verb)];
  const columns = byVerb
    .toSorted(([, one], [, other]) => other.length - one.length)
    .slice(0, COLUMNS)
    .map(([verb]) => verb);
  return { resources, columns };
}
