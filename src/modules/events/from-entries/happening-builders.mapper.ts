import { isJsonObject } from '../../../common/json.js';
import { type AuditDetails, type AuditEntry, RESOURCE_OWNER } from '../../audit/index.js';
import type { EventType } from '../../../contract/audit-log/events.js';

/** Only for those who name them; webhooks never send them (docs/decisions/0104). */
export const ONLY_BY_NAME: ReadonlySet<EventType> = new Set(['request.refused', 'audit_log.read']);

type Kind =
  | 'access_policy'
  | 'access_request'
  | 'credential'
  | 'invitation'
  | 'log_stream'
  | 'organization'
  | 'role'
  | 'scim_group'
  | 'scim_user'
  | 'service_account'
  | 'sso_settings'
  | 'tag_key'
  | 'tag_value'
  | 'tagging'
  | 'user'
  | 'user_group'
  | 'application'
  | 'webhook'
  | 'workspace';

export type Subject = { readonly kind: Kind; readonly id: string };

/** Ids and codes only. */
export type EventData = { readonly [name: string]: string | number | boolean | null | readonly string[] };

/** What an event says besides where and when, and who. */
export type Happening = {
  readonly type: EventType;
  readonly subject: Subject | null;
  readonly data: EventData;
};

export type Entry = Pick<AuditEntry, 'orgId' | 'workspaceId' | 'userId' | 'resourceIds'> & {
  readonly details: AuditDetails;
};
export type Events = (entry: Entry) => readonly Happening[];
export type DataOf = (entry: Entry) => EventData;

export function none(): Happening[] {
  return [];
}

/** Nothing without an id, which entries of older versions may lack. */
export function happenings(
  type: EventType,
  kind: Kind,
  id: string | null | undefined,
  data: AuditDetails | { readonly [name: string]: AuditDetails[string] | undefined } = {},
): Happening[] {
  return id ? [{ type, subject: { kind, id }, data: flat(data) }] : [];
}

/** About the first resource. */
export function one(type: EventType, kind: Kind, data: DataOf = noData): Events {
  return (entry) => happenings(type, kind, entry.resourceIds[0], data(entry));
}

/** About every resource but those that had that state already. */
export function each(type: EventType, kind: Kind, data: DataOf): Events {
  return (entry) => {
    const unchanged = idsIn(entry, 'unchanged');
    return entry.resourceIds
      .filter((id) => !unchanged.includes(id))
      .flatMap((id) => happenings(type, kind, id, data(entry)));
  };
}

/** About every resource but the first, and but those that had that state already. */
export function others(type: EventType, kind: Kind, data: DataOf): Events {
  return (entry) => {
    const [, ...resourceIds] = entry.resourceIds;
    return each(type, kind, () => data(entry))({ ...entry, resourceIds });
  };
}

/** About the id, or the ids, that the details name. */
export function named(type: EventType, kind: Kind, name: string, data: DataOf = noData): Events {
  return (entry) => idsIn(entry, name).flatMap((id) => happenings(type, kind, id, data(entry)));
}

/** For what organizations enable and disable; the reason is that of disabling. */
export function changedOrSwitched(kind: 'log_stream' | 'webhook'): Events {
  return (entry) => {
    const { is_enabled: isEnabled } = entry.details;
    const isChanged = idsIn(entry, 'changed').length > 0;
    return [
      ...(isChanged ? one(`${kind}.updated`, kind, facts('changed'))(entry) : []),
      ...(isEnabled === true ? one(`${kind}.enabled`, kind)(entry) : []),
      ...(isEnabled === false ? one(`${kind}.disabled`, kind, facts('reason'))(entry) : []),
    ];
  };
}

export function noData(): EventData {
  return {};
}

/** Facts of the details; those that the entry lacks are left out. */
export function facts(...names: string[]): DataOf {
  return ({ details: all }) =>
    flat(Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))));
}

export function inWorkspace(...names: string[]): DataOf {
  return (entry) => ({ workspace_id: entry.workspaceId, ...facts(...names)(entry) });
}

export function ofKind(kind: string, ...names: string[]): DataOf {
  return (entry) => ({ credential_kind: kind, ...facts(...names)(entry) });
}

export function resourceAs(name: string, index: number): DataOf {
  return ({ resourceIds }) => ({ [name]: resourceIds[index] ?? null });
}

/** The owner is recorded where it is not the actor. */
export function ownerOf({ details: all, userId }: Entry): string | null {
  return text(all[RESOURCE_OWNER]) ?? userId;
}

export function text(fact: AuditDetails[string] | undefined): string | null {
  return typeof fact === 'string' ? fact : null;
}

export function idsIn({ details: all }: Entry, name: string): readonly string[] {
  const fact = all[name];
  if (typeof fact === 'string') return [fact];
  return Array.isArray(fact) ? (fact as readonly string[]) : [];
}

/** Without nested facts. */
function flat(details: { readonly [name: string]: AuditDetails[string] | undefined }): EventData {
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, fact]) =>
      fact === undefined || isJsonObject(fact) ? [] : [[name, fact]],
    ),
  );
}
