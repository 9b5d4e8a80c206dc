import { Code, Group, Stack, Text } from '@mantine/core';
import { CopyText } from '../common/copy-text';
import { Dialog } from '../common/dialog';
import { Fact } from '../common/fact';
import { Outcome } from '../receivers/outcome';
import { usePageTexts, useTimes } from '../texts/texts';
import { webhookTexts } from './texts';
import type { Attempt } from '../receivers/use-webhooks';

type Props = { attempt: Attempt; numberText: string; onClose: () => void };

/** All that is known of an attempt. */
export function AttemptDialog({ attempt, numberText, onClose }: Props) {
  const texts = usePageTexts(webhookTexts);
  const time = useTimes();
  const {
    event_id: eventId,
    attempted_at: at,
    duration_ms: duration,
    next_attempt_at: next,
    response,
  } = attempt;
  return (
    <Dialog title={attempt.event_type} size="lg" onClose={onClose}>
      <Stack>
        <dl className="facts">
          <Fact label={texts.result}>
            <Outcome result={attempt} />
          </Fact>
          <Fact label={texts.eventId}>
            <Group gap="xs">
              {eventId}
              <CopyText value={eventId} what={texts.eventId} />
            </Group>
          </Fact>
          <Fact label={texts.attempt}>{numberText}</Fact>
          <Fact label={texts.time}>{texts.took(time(at), duration)}</Fact>
          {next && <Fact label={texts.next}>{time(next)}</Fact>}
        </dl>
        <Text size="sm" fw={600}>
          {texts.response}
        </Text>
        {response ? (
          <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {response}
          </Code>
        ) : (
          <Text size="sm" c="dimmed">
            {texts.noResponse}
          </Text>
        )}
      </Stack>
    </Dialog>
  );
}
