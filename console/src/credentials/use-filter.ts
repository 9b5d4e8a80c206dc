import { useSearchParams } from 'react-router';
import type { Schemas } from '../api/client';
import { hasApplications } from '../page/page-settings';

export type Kind = Schemas['Credential']['kind'];
export const KINDS: readonly Kind[] = [
  'service_key',
  'personal_access_token',
  ...(hasApplications ? (['application'] as const) : []),
  'scim_token',
];

export const UNUSED_DAYS = [30, 90, 180, 365] as const;
export const ENDING_DAYS = [7, 30, 90] as const;

/** What is shown; kept in the address, so that a reload and the back button keep it. Empty texts do not filter. */
export type Filter = {
  readonly kind: Kind | '';
  /** A number of days, or `never`. */
  readonly use: string;
  /** A number of days, or `never`. */
  readonly end: string;
  /** The id of a user. */
  readonly owner: string;
  /** Of access tokens, compared with what the organization requires. */
  readonly signIn: SignIn | '';
  readonly onlyGone: boolean;
};

type SignIn = NonNullable<Schemas['CredentialFilter']['sign_in']>;
export const signInOf = (text: string | null): SignIn | '' =>
  text === 'weaker' || text === 'unknown' ? text : '';

export const NO_FILTER: Filter = { kind: '', use: '', end: '', owner: '', signIn: '', onlyGone: false };

export function useFilter() {
  const [search, setSearch] = useSearchParams();
  const filter: Filter = {
    kind: KINDS.find((kind) => kind === search.get('kind')) ?? '',
    use: choiceOf(search.get('used'), UNUSED_DAYS),
    end: choiceOf(search.get('expires'), ENDING_DAYS),
    owner: /^[\da-f-]{36}$/i.test(search.get('owner') ?? '') ? (search.get('owner') ?? '') : '',
    signIn: signInOf(search.get('sign-in')),
    onlyGone: search.has('gone'),
  };
  const setFilter = (change: Partial<Filter>) => {
    const { kind, use, end, owner, signIn, onlyGone } = { ...filter, ...change };
    const values = { kind, used: use, expires: end, owner, 'sign-in': signIn, gone: onlyGone ? 'only' : '' };
    setSearch(
      Object.entries(values).filter(([, value]) => value),
      { replace: true },
    );
  };
  return { filter, setFilter };
}

const choiceOf = (text: string | null, days: readonly number[]): string =>
  text === 'never' || days.some((day) => String(day) === text) ? (text ?? '') : '';

export const isFiltering = (filter: Filter): boolean =>
  Object.values(filter).some((value) => value !== '' && value !== false);

const DAY_MS = 24 * 60 * 60 * 1000;

/** The filter as the API has it. */
export const toQuery = ({
  kind,
  use,
  end,
  owner,
  signIn,
  onlyGone,
}: Filter): Schemas['CredentialFilter'] => ({
  ...(kind ? { kind } : {}),
  ...(use === 'never' ? { never_used: true } : use ? { unused_for_days: Number(use) } : {}),
  ...(end === 'never'
    ? { never_expires: true }
    : end
      ? { ends_before: new Date(Date.now() + Number(end) * DAY_MS).toISOString() }
      : {}),
  ...(owner ? { owner } : {}),
  ...(signIn ? { sign_in: signIn } : {}),
  ...(onlyGone ? { owner_gone: true } : {}),
});
