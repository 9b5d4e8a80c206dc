import { Code, Group, Stack, Text } from '@mantine/core';
import { CopyText } from '../common/copy-text';
import { Dialog } from '../common/dialog';
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
          <div>
            <dt>{texts.result}</dt>
            <dd>
              <Outcome result={attempt} />
            </dd>
          </div>
          <div>
            <dt>{texts.eventId}</dt>
            <dd>
              <Group gap="xs">
                {eventId}
                <CopyText value={eventId} what={texts.eventId} />
              </Group>
            </dd>
          </div>
          <div>
            <dt>{texts.attempt}</dt>
            <dd>{numberText}</dd>
          </div>
          <div>
            <dt>{texts.time}</dt>
            <dd>{texts.took(time(at), duration)}</dd>
          </div>
          {next && (
            <div>
              <dt>{texts.next}</dt>
              <dd>{time(next)}</dd>
            </div>
          )}
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
