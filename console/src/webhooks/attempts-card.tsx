import { Button, Group, NativeSelect, Pill } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useSearchParams } from 'react-router';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { SettingsCard } from '../common/settings-card';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { AttemptTable } from './attempt-table';
import { RedeliverDialog } from './redeliver-dialog';
import { webhookTexts } from './texts';
import { type AttemptFilter, useAttempts, type Webhook } from '../receivers/use-webhooks';

/** The attempts to deliver of the last days, and what to deliver again. */
export function AttemptsCard({ webhook }: { webhook: Webhook }) {
  const texts = usePageTexts(webhookTexts);
  const isAdmin = useIsOrganizationAdmin();
  const { filter, setFilter } = useAttemptFilter();
  const attempts = useAttempts(webhook.id, filter);
  const [isAsking, dialog] = useDisclosure();
  return (
    <SettingsCard title={texts.attempts} text={texts.attemptsText} help="deliveries">
      <Group align="flex-end" justify="space-between">
        <NativeSelect
          label={texts.show}
          data={[
            { value: '', label: texts.allAttempts },
            { value: 'failed', label: texts.onlyFailed },
          ]}
          value={filter.onlyFailed ? 'failed' : ''}
          onChange={(event) => setFilter({ onlyFailed: event.currentTarget.value !== '' })}
        />
        {isAdmin && webhook.is_enabled && (
          <Button variant="default" onClick={dialog.open}>
            {texts.redeliver}
          </Button>
        )}
      </Group>
      {filter.eventId && <EventPill id={filter.eventId} onRemove={() => setFilter({ eventId: '' })} />}
      <Loaded query={attempts}>
        {({ pages }) => (
          <AttemptTable
            webhook={webhook}
            attempts={pages.flatMap(({ items }) => items)}
            isFiltered={filter.onlyFailed || filter.eventId !== ''}
            onEvent={(eventId) => setFilter({ eventId })}
          />
        )}
      </Loaded>
      <MoreButton label={texts.more} list={attempts} />
      {isAsking && <RedeliverDialog webhook={webhook} onClose={dialog.close} />}
    </SettingsCard>
  );
}

/** Kept in the address, so that a reload and the back button keep it. */
function useAttemptFilter() {
  const [search, setSearch] = useSearchParams();
  const filter: AttemptFilter = { onlyFailed: search.has('failed'), eventId: search.get('event') ?? '' };
  const setFilter = (change: Partial<AttemptFilter>) => {
    const { onlyFailed, eventId } = { ...filter, ...change };
    setSearch(
      { ...(onlyFailed ? { failed: 'only' } : {}), ...(eventId ? { event: eventId } : {}) },
      { replace: true },
    );
  };
  return { filter, setFilter };
}

function EventPill({ id, onRemove }: { id: string; onRemove: () => void }) {
  const texts = usePageTexts(webhookTexts);
  return (
    <div>
      <Pill
        withRemoveButton
        removeButtonProps={{ 'aria-label': texts.allEvents, tabIndex: 0, 'aria-hidden': false }}
        onRemove={onRemove}
      >
        {texts.ofEvent(id)}
      </Pill>
    </div>
  );
}
