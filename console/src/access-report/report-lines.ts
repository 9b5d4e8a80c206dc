import type { Schemas } from '../api/client';
import type { Texts } from '../texts/en';
import type { ReportTexts } from './texts';

type Grant = Schemas['AccessGrant'];

/** What the lines are written with. */
export type Words = {
  readonly language: string;
  readonly texts: ReportTexts;
  readonly access: Texts['access'];
  readonly kinds: Readonly<Partial<Record<string, string>>>;
  readonly date: (iso: string) => string;
};

/** A line of the report; `who` and `by` may have a second part. */
export type Line = {
  /** The same in all lines of a person or program. */
  readonly id: string;
  readonly who: readonly string[];
  readonly place: string;
  readonly role: string;
  readonly why: string;
  readonly since: string;
  readonly until: string;
  readonly by: readonly string[];
};

/** A membership in a user group gives nothing by itself, and has no line. */
const SECTION_OF = {
  organization_membership: 'people',
  workspace_membership: 'people',
  user_group_membership: null,
  user_group_role: 'people',
  organization_invitation: 'invitations',
  workspace_invitation: 'invitations',
  personal_access_token: 'programs',
  application: 'programs',
  service_key: 'programs',
  scim_token: 'programs',
} as const satisfies Record<Grant['kind'], keyof ReportTexts['sections'] | null>;

export type Section = { readonly name: keyof ReportTexts['sections']; readonly lines: readonly Line[] };

/** Those of a person follow each other, the organization first. */
export function sectionsOf(grants: readonly Grant[], words: Words): Section[] {
  const { compare } = new Intl.Collator(words.language, { numeric: true });
  const bySection = Map.groupBy(grants, ({ kind }) => SECTION_OF[kind]);
  const keyOf = (grant: Grant) =>
    [nameOf(grant), grant.email ?? '', idOf(grant), grant.workspace_name ?? ''] as const;
  return (['people', 'invitations', 'programs'] as const).map((name) => ({
    name,
    lines: (bySection.get(name) ?? [])
      .map((grant) => [keyOf(grant), grant] as const)
      .toSorted(([one], [other]) => one.reduce((order, part, n) => order || compare(part, other[n] ?? ''), 0))
      .map(([, grant]) => lineOf(grant, words)),
  }));
}

const isProgram = ({ kind }: Grant) => SECTION_OF[kind] === 'programs';
const idOf = (grant: Grant) => (isProgram(grant) ? grant.id : (grant.user_id ?? grant.email)) ?? '';
const nameOf = (grant: Grant) =>
  (isProgram(grant) ? grant.description || grant.short_key : grant.full_name || grant.email) ?? '';

function lineOf(grant: Grant, words: Words): Line {
  const { texts, date } = words;
  const { state, email, kind } = grant;
  const name = nameOf(grant);
  const isOfOwner = kind === 'personal_access_token' || kind === 'application';
  const roles = [grant.organization_role_name, grant.workspace_role_name].filter(Boolean).join(', ');
  return {
    id: idOf(grant),
    who: [
      state === 'disabled' || state === 'revoked' ? `${name} (${texts.states[state]})` : name,
      ...(email && email !== name ? [email] : []),
    ],
    place: isOfOwner ? texts.placesOfOwner : (grant.workspace_name ?? texts.wholeOrganization),
    role: isOfOwner ? texts.roleOfOwner : kind === 'scim_token' ? texts.managesPeople : roles,
    why: reasonOf(grant, words),
    since: date(grant.created_at),
    until: endOf(grant, words),
    by: givenBy(grant, words),
  };
}

function reasonOf(grant: Grant, { texts, access, kinds, date }: Words): string {
  const { kind, source, expires_at: end, user_group_name: group } = grant;
  if (isProgram(grant)) return kinds[kind] ?? '';
  if (SECTION_OF[kind] === 'invitations') return texts.openUntil(end && date(end));
  if (kind === 'user_group_role') return access.byGroup(group ?? '');
  return source ? access.sources[source] : '–';
}

function endOf(grant: Grant, { texts, date }: Words): string {
  const end = isProgram(grant) ? grant.expires_at : grant.access_expires_at;
  if (!end) return texts.noEnd;
  return grant.reverts_to_role_name ? texts.thenRole(date(end), grant.reverts_to_role_name) : date(end);
}

/** Then who changed the role, if it was changed. Without a person, a rule gave the access, or it is unknown. */
function givenBy(grant: Grant, { texts, access, date }: Words): string[] {
  const { given_by_user_id: id, given_by_email: email, role_changed_at: changedAt } = grant;
  return [
    email ?? (id ? texts.former : '–'),
    ...(changedAt ? [access.roleChanged(date(changedAt), grant.role_changed_by_email)] : []),
  ];
}
