import { useInfiniteQuery } from '@tanstack/react-query';
import { type Api, dataOf, type Schemas } from '../api/client';
import { usePlace } from '../session/use-workspaces';

type Entry = Schemas['OCSFApiActivity'];

export type FailedSignIn = {
  readonly id: string;
  readonly time: string;
  readonly code: string;
  /** The member with that login or address; null if there is none, or none any more. */
  readonly member: { readonly name: string; readonly email: string } | null;
};

export const DAYS = 30;
export const PAGE_SIZE = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The sign-ins that were refused, newest first. The log is read page by page, successful sign-ins included, and again only on
 * request: every first page that is read is an entry of its own (docs/contract/audit.md).
 */
export function useFailedSignIns() {
  const { api, orgId } = usePlace();
  return useInfiniteQuery({
    queryKey: ['failed-sign-ins', orgId],
    queryFn: ({ pageParam }) => readPage(api, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

async function readPage(api: Api, cursor: string | null) {
  const query = {
    start_time: new Date(Date.now() - DAYS * DAY_MS).toISOString(),
    end_time: new Date().toISOString(),
    operations: ['login'] as Schemas['AuditLogOperation'][],
    limit: PAGE_SIZE,
    ...(cursor ? { cursor } : {}),
  };
  const { items, cursor: next } = await dataOf(api.GET('/api/v1/audit-logs', { params: { query } }));
  const refused = items
    .filter(({ status_id: status }) => status === 2)
    .filter((entry) => textOf(entry, 'code') || textOf(entry, 'refusal'));
  const members = await readMembers(api, refused);
  const failed = refused.map((entry): FailedSignIn => {
    const member = members.get(textOf(entry, 'account_id'));
    return {
      id: entry.metadata.uid,
      time: new Date(entry.time).toISOString(),
      code: textOf(entry, 'code') || codeOfRefusal(textOf(entry, 'refusal')),
      member: member ? { name: member.full_name ?? '', email: member.email ?? '' } : null,
    };
  });
  return { failed, next };
}

async function readMembers(api: Api, entries: readonly Entry[]) {
  const ids = [...new Set(entries.map((entry) => textOf(entry, 'account_id')).filter(Boolean))];
  if (ids.length === 0) return new Map<string, Schemas['OrgMemberIdentity']>();
  const query = { user_ids: ids, limit: PAGE_SIZE };
  const members = await dataOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } }));
  return new Map(members.map((member) => [member.user_id, member]));
}

/** Empty without it. */
function textOf({ unmapped }: Entry, name: string): string {
  const value = unmapped.original_audit_log.enrichments?.details?.[name];
  return typeof value === 'string' ? value : '';
}

/** The error codes of the reasons for which the decision refuses a sign-in, where they differ. */
const CODES: Readonly<Record<string, string>> = {
  acr: 'authentication_too_weak',
  amr: 'authentication_methods_missing',
  age: 'authentication_too_old',
  no_email: 'email_claim_missing',
  member_disabled: 'membership_disabled',
  organization_disabled: 'default_org_disabled',
  no_required_group: 'required_group_missing',
  seats_used_up: 'no_free_seat',
  invitation_expired: 'sign_in_invitation_expired',
  no_access: 'no_access_granted',
};

export const codeOfRefusal = (refusal: string): string => CODES[refusal] ?? refusal;
