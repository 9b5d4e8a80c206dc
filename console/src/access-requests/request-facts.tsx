import { Badge, Group, Text, Textarea, type TextareaProps } from '@mantine/core';
import { useDates, usePageTexts } from '../texts/texts';
import { accessRequestTexts } from './texts';
import type { AccessRequest } from './use-access-requests';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Requests in words. */
export function useRequestWords() {
  const texts = usePageTexts(accessRequestTexts);
  const lengthOf = (seconds: number): string => {
    if (seconds >= DAY) return texts.days(Math.round(seconds / DAY));
    return seconds >= HOUR
      ? texts.hours(Math.round(seconds / HOUR))
      : texts.minutes(Math.round(seconds / MINUTE));
  };
  return {
    lengthOf,
    durationOf: (seconds: number | null) =>
      seconds === null ? texts.permanentlyInText : texts.forTime(lengthOf(seconds)),
    accessOf: ({ user_group_name: group, role_name: role, workspace_name: workspace }: AccessRequest) =>
      group === null ? texts.roleIn(role ?? '–', workspace ?? '–') : texts.inGroup(group),
    personOf: ({ full_name: name, email }: AccessRequest['requester']) => name ?? email,
  };
}

/** What was asked for, for how long and why. Addresses in the reason are text, never links. */
export function RequestedAccess({ request }: { request: AccessRequest }) {
  const texts = usePageTexts(accessRequestTexts);
  const { accessOf, durationOf } = useRequestWords();
  const { from_role_name: before, duration_seconds: seconds, reason } = request;
  return (
    <>
      <Text size="sm" fw={500} className="wrapped">
        {accessOf(request)}
      </Text>
      <Text size="xs" c="dimmed" className="wrapped">
        {[...(before ? [texts.insteadOf(before)] : []), durationOf(seconds)].join(', ')}
      </Text>
      <Text size="sm" className="lines wrapped">
        {reason}
      </Text>
    </>
  );
}

const COLORS = { pending: 'blue', approved: 'green', declined: 'red', withdrawn: 'gray', expired: 'gray' };

/** The state, and how it came about. */
export function RequestState({ request }: { request: AccessRequest }) {
  const texts = usePageTexts(accessRequestTexts);
  const date = useDates();
  const { personOf } = useRequestWords();
  const { state, decided_by: decider, decided_role_name: given, role_name: asked } = request;
  const facts = [
    ...(state === 'pending' ? [texts.openUntil(date(request.expires_at))] : []),
    ...(given && given !== asked ? [texts.givenRole(given)] : []),
    ...(request.access_expires_at ? [texts.accessUntil(date(request.access_expires_at))] : []),
    ...(decider ? [texts.by(personOf(decider))] : []),
  ];
  return (
    <>
      <Group gap="xs">
        <Badge size="sm" variant="light" color={COLORS[state]} tt="none">
          {texts.states[state]}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed" className="wrapped">
        {facts.join(', ')}
      </Text>
      {request.decline_reason && (
        <Text size="xs" className="lines wrapped">
          {request.decline_reason}
        </Text>
      )}
    </>
  );
}

const MOST_LETTERS = 500;

type ReasonProps = Pick<TextareaProps, 'label' | 'description'> & {
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** Plain text for somebody else. */
export const ReasonField = ({ onChange, ...props }: ReasonProps) => (
  <Textarea
    {...props}
    required
    withAsterisk={false}
    autosize
    minRows={2}
    maxLength={MOST_LETTERS}
    data-autofocus
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);
