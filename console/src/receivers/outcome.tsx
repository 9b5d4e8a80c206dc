import { Badge, Text } from '@mantine/core';
import { useLanguage, usePageTexts, useRecentTimes, useTimes } from '../texts/texts';
import { receiverTexts } from './texts';

/** Of a request to an address of the organization: its status, or the code of what went wrong. */
export type Result = { readonly status: string | null; readonly code: string | null };

export const isDelivered = ({ status }: Result): boolean => status?.startsWith('2') ?? false;

/** A result in words. */
export function useResultText(): (result: Result) => string {
  const texts = usePageTexts(receiverTexts);
  return (result) => {
    const { status, code } = result;
    if (status === null) return texts.codes[code ?? ''] ?? code ?? '–';
    if (isDelivered(result)) return texts.delivered(status);
    return status.startsWith('3') ? texts.redirected(status) : texts.answered(status);
  };
}

export function Outcome({ result }: { result: Result }) {
  const text = useResultText()(result);
  return (
    <Text component="div" size="sm" fw={500} c={isDelivered(result) ? undefined : 'red'} className="wrapped">
      {text}
    </Text>
  );
}

type Attempted = {
  readonly last_attempt: (Result & { readonly at: string }) | null;
  readonly next_attempt_at?: string | null;
};

/** How the last request ended, and when that was. */
export function LastAttempt({
  receiver: { last_attempt: last, next_attempt_at: next },
}: {
  receiver: Attempted;
}) {
  const texts = usePageTexts(receiverTexts);
  const time = useRecentTimes();
  if (!last) return <Text size="sm">{texts.noAttempt}</Text>;
  return (
    <>
      <Outcome result={last} />
      <Text component="div" size="xs" c="dimmed">
        {time(last.at)}
        {next && <div>{texts.nextAt(time(next))}</div>}
      </Text>
    </>
  );
}

type Stateful = {
  readonly is_enabled: boolean;
  readonly disabled_reason: string | null;
  readonly owner_gone: boolean;
  readonly exceeds_creator: boolean | null;
};

/** Whether it is enabled; red if the server has disabled it. */
export function StateBadges({ receiver }: { receiver: Stateful }) {
  const texts = usePageTexts(receiverTexts);
  const { is_enabled: isEnabled, disabled_reason: reason, owner_gone: isOwnerGone } = receiver;
  const color = isEnabled ? 'green' : reason === 'admin' ? 'gray' : 'red';
  return (
    <>
      <Badge color={color} variant="light" tt="none">
        {isEnabled ? texts.enabled : texts.disabled}
      </Badge>
      {(isOwnerGone || receiver.exceeds_creator) && (
        <Badge color="red" variant="light" tt="none">
          {isOwnerGone ? texts.ownerGone : texts.exceedsOwner}
        </Badge>
      )}
    </>
  );
}

type Disabled = {
  readonly disabled_at: string | null;
  readonly disabled_reason: keyof (typeof receiverTexts)['en']['reasons'] | null;
};

/** Since when and why it is disabled; nothing while it is enabled. */
export function DisabledReason({
  receiver: { disabled_at: at, disabled_reason: reason },
}: {
  receiver: Disabled;
}) {
  const { reasons } = usePageTexts(receiverTexts);
  const time = useTimes();
  return at && reason && <span>{reasons[reason](time(at))}</span>;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A number of seconds in the largest unit of which there are two, such as "3 hours". */
export function useDurations(): (seconds: number) => string {
  const { language } = useLanguage();
  return (seconds) => {
    const [unit, size] = UNITS.find(([, one]) => seconds >= 2 * one) ?? ['second', 1];
    const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
    return format.format(Math.floor(seconds / size));
  };
}
