import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { webhookTexts } from './texts';
import { useRedeliver, type Webhook } from '../receivers/use-webhooks';

/** Sends again what has not arrived, or all events of a period. */
export function RedeliverDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const texts = usePageTexts(webhookTexts);
  const { common } = useTexts();
  const saved = useSaved();
  const redeliver = useRedeliver(webhook.id);
  const [which, setWhich] = useState<'failed' | 'period'>('failed');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const isOfPeriod = which === 'period';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = (count: number) => {
      saved({ text: texts.redelivered(count) });
      onClose();
    };
    const until = to ? new Date(to) : new Date();
    const period = { from: from ? new Date(from).toISOString() : '', to: until.toISOString() };
    redeliver.mutate(isOfPeriod ? period : { failed: true }, { onSuccess });
  };
  return (
    <Dialog title={texts.redeliver} closesOnClickOutside={false} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{texts.redeliverText}</Text>
          <Radio.Group value={which} aria-label={texts.redeliver} onChange={(value) => setWhich(value)}>
            <Stack gap="xs">
              <Radio value="failed" label={texts.whatFailed} data-autofocus />
              <Radio value="period" label={texts.ofPeriod} />
            </Stack>
          </Radio.Group>
          {isOfPeriod && (
            <Group grow align="flex-start" preventGrowOverflow={false}>
              <TextInput
                type="datetime-local"
                label={texts.from}
                required
                withAsterisk={false}
                value={from}
                onChange={(event) => setFrom(event.currentTarget.value)}
              />
              <TextInput
                type="datetime-local"
                label={texts.to}
                description={texts.toHint}
                inputWrapperOrder={['label', 'input', 'description']}
                min={from}
                value={to}
                onChange={(event) => setTo(event.currentTarget.value)}
              />
            </Group>
          )}
          {redeliver.error && <Problem error={redeliver.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={redeliver.isPending} disabled={isOfPeriod && !from}>
              {texts.redeliver}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
