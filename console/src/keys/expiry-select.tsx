import { NativeSelect } from '@mantine/core';
import { useOrganization } from '../session/use-organization';
import { useTexts } from '../texts/texts';

const DAYS = [30, 90, 365];
const NEVER = 'never';
const DAY_MS = 24 * 60 * 60 * 1000;

/** A lifetime in days; null for no end. */
export type Lifetime = number | null;

type Props = {
  value: Lifetime;
  /** The longest lifetime that the organization allows; null without a limit. */
  limit?: number | null | undefined;
  onChange: (value: Lifetime) => void;
};

/** The longest lifetime that the organization allows for keys of a kind, or for all of them; null without a limit. */
export function useLongestLifetime(kind: 'pat' | 'service_key'): Lifetime {
  const { data: organization } = useOrganization();
  const limits = [organization?.max_api_key_expiry_days, organization?.[`max_${kind}_expiry_days`]];
  return limits.reduce<Lifetime>(
    (least, limit) => (limit && limit < (least ?? Infinity) ? limit : least),
    null,
  );
}

export const initialLifetime = (limit: number | null | undefined): Lifetime => Math.min(90, limit ?? 90);

export const expiryOf = (days: Lifetime): string | null =>
  days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString();

export function ExpirySelect({ value, limit, onChange }: Props) {
  const { keys } = useTexts();
  const days = limit ? [...new Set([...DAYS.filter((count) => count < limit), limit])] : DAYS;
  const never = limit ? [] : [{ value: NEVER, label: keys.neverExpires }];
  return (
    <NativeSelect
      label={keys.expiresIn}
      maw={220}
      data={[...days.map((count) => ({ value: String(count), label: keys.days(count) })), ...never]}
      value={value === null ? NEVER : String(value)}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === NEVER ? null : Number(currentTarget.value))
      }
    />
  );
}
