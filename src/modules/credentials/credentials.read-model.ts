import { Injectable } from '@nestjs/common';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';
import type { SignInRequirement } from '../orgs/index.js';
import type { ListPage } from '../../common/lists/cursor-list.js';
import { meetsRequirement } from '../sessions/index.js';

export type Kind = 'service_key' | 'personal_access_token' | 'application' | 'scim_token';

/** A null field does not filter. */
export type CredentialFilter = {
  /** The user to whom a token belongs, or who created a service key or SCIM token. */
  readonly owner: string | null;
  readonly unusedForDays: number | null;
  readonly endsBefore: Date | null;
  readonly ownerGone: boolean | null;
  readonly neverUsed: boolean | null;
  readonly neverExpires: boolean | null;
  /** Of a token: does not meet what the organization requires, or is not known. */
  readonly signIn: 'weaker' | 'unknown' | null;
};

type CredentialPage = ListPage & {
  readonly orgId: string;
  readonly kinds: readonly Kind[];
  readonly filter: CredentialFilter;
  /** Only these, and not those of `except`; null: all. */
  readonly ids: readonly string[] | null;
  readonly except: readonly string[];
};

/** Of a token, which its age since then does not make weaker. */
const AT_CREATION = { method: 'sign_in_method', at: 'k.created_at' };

const REQUIRED = { acr: '$2::text[]', amr: '$3::text[]', age: '$4::int' };

type Source = { readonly valid: string; readonly owner: string };

const UNEXPIRED = `(k.expires_at is null or k.expires_at > now())`;
const VALID_KEY = `from api_keys k where k.org_id = $1 and k.revoked_at is null and ${UNEXPIRED}`;

/** `valid`: those that are accepted or, of a disabled owner, would be. */
const SOURCES: Readonly<Record<Kind, Source>> = {
  service_key: { valid: `${VALID_KEY} and k.kind = 'service'`, owner: 'k.created_by_user_id' },
  personal_access_token: { valid: `${VALID_KEY} and k.kind = 'pat'`, owner: 'k.user_id' },
  application: {
    valid: 'from oauth_grants k where k.org_id = $1 and k.expires_at > now()',
    owner: 'k.user_id',
  },
  scim_token: {
    valid: `from scim_tokens k where k.org_id = $1 and ${UNEXPIRED}`,
    owner: 'k.created_by_user_id',
  },
};

/** Rows of a source in the order of an index: sorted by `key`, `id` and, where `fixed` is null or empty, by that first. */
type Part = { readonly key: string; readonly fixed: readonly string[]; readonly where: readonly string[] };

const ACTIVE_MEMBER = (owner: string) =>
  `exists (select from current_org_memberships m where m.org_id = $1 and m.user_id = ${owner} and not m.is_disabled)`;

/** The users who created service keys and are not active members. Each step finds the next user, not the next key, in the index. */
const GONE = `
  with recursive makers as (
    (select created_by_user_id as id from api_keys
      where org_id = $1 and kind = 'service' and created_by_user_id is not null
      order by created_by_user_id limit 1)
    union all
    select (select k.created_by_user_id from api_keys k
      where k.org_id = $1 and k.kind = 'service' and k.created_by_user_id > m.id
      order by k.created_by_user_id limit 1)
    from makers m where m.id is not null
  ), gone as materialized (select g.id from makers g where g.id is not null and not ${ACTIVE_MEMBER('g.id')})`;

/** Adds a value to those of the statement and returns its parameter. */
type Parameter = (value: unknown, type: string) => string;

/** Reads each kind from an index in the order of the page. The statement is unnamed, so that it is planned with its values. */
export function pageOf(page: CredentialPage): { statement: Statement; values: readonly unknown[] } {
  const { filter } = page;
  const values: unknown[] = [page.orgId];
  const $: Parameter = (value, type) => `$${values.push(value)}::${type}`;
  const isAscending = filter.unusedForDays !== null || filter.endsBefore !== null;
  const direction = isAscending ? 'asc' : 'desc';
  const rows = `limit ${$(page.limit, 'int')}`;
  const position = page.after && `(${$(page.after.key, 'timestamptz')}, ${$(page.after.id, 'uuid')})`;
  const shared = conditionsOf(page, $);
  const owner = filter.owner === null ? null : $(filter.owner, 'uuid');
  const parts = partsOf(filter, $);

  const selectOf = (kind: Kind, part: Part): string => {
    const source = SOURCES[kind];
    const byMaker = kind === 'service_key' && readsMakers(filter);
    const conditions = [
      source.valid,
      ...shared,
      ...part.where,
      ...(owner === null ? [] : [`${source.owner} = ${owner}`]),
      ...(byMaker ? [`${source.owner} = g.id`] : goneCondition(filter.ownerGone, kind, source.owner)),
      ...signInCondition(filter.signIn, kind),
      ...(position ? [`(${part.key}, k.id) ${isAscending ? '>' : '<'} ${position}`] : []),
    ];
    const order = [...part.fixed, part.key, 'k.id'].map((column) => `${column} ${direction}`).join(', ');
    const select = `
      select '${kind}' as kind, k.id, ${part.key} as at
      ${conditions.join(' and ')} order by ${order} ${rows}`;
    return byMaker ? `(select c.* from gone g cross join lateral (${select}) c)` : `(${select})`;
  };

  const selects = page.kinds.flatMap((kind) => parts.map((part) => selectOf(kind, part)));
  const text = `
    ${readsMakers(filter) ? GONE : ''}
    select c.kind, c.id, to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from (${selects.join(' union all ')}) c order by c.at ${direction}, c.id ${direction} ${rows}`;
  return { statement: { name: '', text }, values };
}

const readsMakers = ({ ownerGone, owner }: CredentialFilter): boolean => ownerGone === true && owner === null;

/** Of every kind. */
function conditionsOf({ ids, except, filter }: CredentialPage, $: Parameter): string[] {
  return [
    ...(ids ? [`k.id = any(${$(ids, 'uuid[]')})`] : []),
    ...(except.length > 0 ? [`k.id <> all(${$(except, 'uuid[]')})`] : []),
    ...(filter.endsBefore ? [`k.expires_at < ${$(filter.endsBefore, 'timestamptz')}`] : []),
    ...isNull('k.last_used_at', filter.neverUsed),
    ...isNull('k.expires_at', filter.neverExpires),
  ];
}

const isNull = (column: string, wanted: boolean | null): string[] =>
  wanted === null ? [] : [`${column} is ${wanted ? '' : 'not '}null`];

/** It acts for its owner, with their rights. */
export const isOfMember = (kind: Kind): boolean => kind === 'personal_access_token' || kind === 'application';

/** What acts for a user who is no active member is not accepted, so that its owner is never gone. */
function goneCondition(wanted: boolean | null, kind: Kind, owner: string): string[] {
  if (wanted === null) return [];
  if (isOfMember(kind)) return wanted ? ['false'] : [];
  const isGone = `(${owner} is not null and not ${ACTIVE_MEMBER(owner)})`;
  return [wanted ? isGone : `not ${isGone}`];
}

function signInCondition(wanted: CredentialFilter['signIn'], kind: Kind): string[] {
  if (wanted === null) return [];
  if (kind !== 'personal_access_token') return ['false'];
  return [wanted === 'unknown' ? 'k.sign_in_method is null' : `(${WEAKER})`];
}

const WEAKER = `
  k.sign_in_method is not null and exists (select from organizations o where o.id = $1 and not ${meetsRequirement(
    'k',
    AT_CREATION,
    { acr: 'o.required_acr', amr: 'o.required_amr', age: 'o.max_authentication_age' },
  )})`;

function partsOf(
  { unusedForDays, endsBefore, neverUsed, neverExpires }: CredentialFilter,
  $: Parameter,
): Part[] {
  if (unusedForDays !== null) {
    const since = `now() - make_interval(days => ${$(unusedForDays, 'int')})`;
    const neverUsedSince = ['k.last_used_at is null', `k.created_at < ${since}`];
    return [
      { key: 'k.last_used_at', fixed: [], where: [`k.last_used_at < ${since}`] },
      { key: 'k.created_at', fixed: ['k.last_used_at'], where: neverUsedSince },
    ];
  }
  if (endsBefore !== null) return [{ key: 'k.expires_at', fixed: [], where: [] }];
  const fixed = neverUsed === true ? ['k.last_used_at'] : neverExpires === true ? ['k.expires_at'] : [];
  return [{ key: 'k.created_at', fixed, where: [] }];
}

/** Of active members. $1: organization, $2: acr, $3: amr, $4: age in seconds. */
const WEAKER_SIGN_INS: Statement = named('credentials_of_weaker_sign_ins')`
  select (
    select count(*)::int from sessions s where s.expires_at > now() and ${ACTIVE_MEMBER('s.user_id')}
      and not ${meetsRequirement('s', { method: 'method', at: 'now()' }, REQUIRED)}) as sessions,
    count(*) filter (where k.sign_in_method is not null)::int as tokens,
    count(*) filter (where k.sign_in_method is null)::int as "unknownTokens"
  ${VALID_KEY} and k.kind = 'pat' and ${ACTIVE_MEMBER('k.user_id')} and not ${meetsRequirement('k', AT_CREATION, REQUIRED)}`;

/** $2: days. */
const COUNT_ENDING: Statement = named('credentials_count_ending')`
  ${(Object.keys(SOURCES) as Kind[])
    .map(
      (kind) => `
    select '${kind}' as kind, count(*)::int as total ${SOURCES[kind].valid} and k.expires_at < now() + make_interval(days => $2::int)`,
    )
    .join(' union all ')}`;

/** `key` is what the page is sorted by, in UTC with microseconds. */
export type SelectedCredential = { readonly kind: Kind; readonly id: string; readonly key: string };

/** `unknownTokens`: of which the sign-in is not known. */
export type WeakerCounts = {
  readonly sessions: number;
  readonly tokens: number;
  readonly unknownTokens: number;
};

@Injectable()
export class CredentialsReadModel {
  constructor(private readonly sql: Sql) {}

  /** What would stay valid if the organization required this of sign-ins. */
  countWeaker(
    orgId: string,
    { requiredAcr, requiredAmr, maxAuthenticationAge }: SignInRequirement,
  ): Promise<WeakerCounts> {
    return this.sql.one(WEAKER_SIGN_INS, [orgId, requiredAcr, requiredAmr, maxAuthenticationAge]);
  }

  /** How many the list has of each kind with `endsBefore`. */
  async countEnding(orgId: string, withinDays: number): Promise<ReadonlyMap<Kind, number>> {
    const rows = await this.sql.rows<{ kind: Kind; total: number }>(COUNT_ENDING, [orgId, withinDays]);
    return new Map(rows.map(({ kind, total }) => [kind, total]));
  }

  select(page: CredentialPage): Promise<SelectedCredential[]> {
    const { statement, values } = pageOf(page);
    return this.sql.rows(statement, values);
  }
}
