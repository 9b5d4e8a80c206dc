import { useQuery } from '@tanstack/react-query';
import { type Api, dataOf, type Schemas } from '../api/client';
import { personLabel } from '../people/find-people';
import { usePlace } from '../session/use-workspaces';

export type Entry = Schemas['OCSFApiActivity'];

const MEMBERS = '/v1/platform/orgs/current/members';
/** The most ids that the server looks up at once. */
const MOST_IDS = 100;
/** How many of what one entry concerns are looked up; the others are counted. */
export const MOST_NAMED = 5;

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;

/** What the entry concerns, what was asked for first; a refused request names it in its path only. */
export function targetIdsOf(
  { resources, http_request: { url } }: Entry,
  wanted: readonly string[] | null,
): readonly string[] {
  const ids = resources.length > 0 ? resources.map(({ uid }) => uid) : (url.path.match(UUID) ?? []);
  const isOther = (id: string) => (wanted?.includes(id) ? 0 : 1);
  return ids.toSorted((one, other) => isOther(one) - isOther(other));
}

/** The user to whom the token belongs that somebody else revoked. */
export const ownerOf = ({ unmapped }: Entry): string | undefined =>
  unmapped.original_audit_log.enrichments?.resource_owner_ls_user_id;

export type Person = { readonly email: string; readonly name: string; readonly hasLeft?: boolean };
/** By the ids that entries name people with: of users, identities, invitations. */
export type People = ReadonlyMap<string, Person>;

/** Whom one page of entries names. `wanted`: what they were asked for, if anything. */
export async function readPeople(
  api: Api,
  entries: readonly Entry[],
  wanted: readonly string[] | null,
): Promise<People> {
  const ids = new Set(
    entries.flatMap((entry) => [
      ...[entry.actor.user.uid, ownerOf(entry)].filter((id) => typeof id === 'string'),
      ...targetIdsOf(entry, wanted).slice(0, MOST_NAMED),
    ]),
  );
  const left = formerPeople(entries).filter(([id]) => ids.has(id));
  return withThoseWhoLeft(await findPeople(api, [...ids]), left);
}

/** Present members are named as they are called now. */
const withThoseWhoLeft = (people: People, left: readonly (readonly [string, Person])[]): People =>
  new Map([...left, ...people]);

/** All people whom the entries name; those who are not among the members have left. */
const formerPeople = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => {
    const { actor, resources } = entry;
    const owner = ownerOf(entry);
    const owned = owner ? resources.slice(0, 1).map(() => owner) : resources.map(({ uid }) => uid);
    return [
      ...formerPerson(actor.user.uid, actor.user),
      ...owned.flatMap((id, index) => formerPerson(id, resources[index]?.owner ?? {})),
    ];
  });

function formerPerson(id: string | null, { name, email_addr: email }: Schemas['OCSFPerson']) {
  const person: Person = { email: email ?? '', name: name ?? email ?? '', hasLeft: true };
  return id && email ? [[id, person] as const] : [];
}

/** With a mark for who has left. */
export const markedName = ({ name, hasLeft }: Person, mark: (name: string) => string): string =>
  hasLeft ? mark(name) : name;

export async function findPeople(api: Api, ids: readonly string[]): Promise<People> {
  const parts = chunks(ids, MOST_IDS);
  const found = await Promise.all(parts.map((part) => readMembers(api, part)));
  return new Map(
    found
      .flat()
      .flatMap(({ email = '', display_name: name = '', found_by: by = [] }) =>
        by.map((id) => [id, { email, name: name || email }] as const),
      ),
  );
}

const readMembers = (api: Api, ids: readonly string[]) =>
  dataOf(api.GET(MEMBERS, { params: { query: { id_in: [...ids], limit: MOST_IDS } } }));

function chunks<Value>(values: readonly Value[], size: number): Value[][] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, index) => values.slice(index * size, (index + 1) * size));
}

/** Those whom `readPeople` has not looked up. */
export function useOtherPeople(entry: Entry, wanted: readonly string[] | null): People {
  const { api, orgId } = usePlace();
  const others = targetIdsOf(entry, wanted).slice(MOST_NAMED);
  const { data } = useQuery({
    queryKey: ['audit-people', orgId, entry.metadata.uid],
    queryFn: () => findPeople(api, others),
    enabled: others.length > 0,
    retry: false,
  });
  return withThoseWhoLeft(data ?? new Map(), data ? formerPeople([entry]) : []);
}

/**
 * `ids`: all ids with which entries name the same thing. For a member those of the user, the invitation and the identities in
 * the organization and its workspaces, for anything else the id itself. `label`: of people only.
 */
export type Target = { readonly ids: readonly string[]; readonly label?: string };

/** Undefined until it is known; null without an id. */
export function useTarget(id: string): Target | null | undefined {
  const { api, orgId } = usePlace();
  const { data, isError } = useQuery({
    queryKey: ['audit-target', orgId, id],
    queryFn: () => readTarget(api, id),
    enabled: id !== '',
    retry: false,
  });
  if (id === '') return null;
  return isError ? { ids: [id] } : data;
}

async function readTarget(api: Api, id: string): Promise<Target> {
  const [member] = await readMembers(api, [id]);
  if (!member?.id) return { ids: [id] };
  const { email = '', display_name: name } = member;
  const label = personLabel({ email, full_name: name ?? null });
  if (member.is_pending) return { ids: [id], label };
  const params = { path: { identity_id: member.id }, query: { limit: 1 } };
  const access = await dataOf(api.GET('/api/v1/orgs/current/members/{identity_id}/access', { params }));
  return { ids: access.audit_target_ids, label };
}
