import { SimpleGrid, Stack } from '@mantine/core';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { FirstStepsCard, useOpenSteps } from '../first-steps/first-steps-card';
import { useMinutes, usePageTexts } from '../texts/texts';
import { DaysCard } from './days-card';
import { FailedCard, RecentCard } from './events-cards';
import { Numbers } from './numbers';
import { overviewTexts } from './texts';
import { type Overview, useOverview } from './use-overview';

/**
 * Where admins start: what waits, what ends and what happened. Parts that the caller may not read are left out, and in an
 * organization of one person, the first steps take the place of the numbers.
 */
export function OverviewPage() {
  const texts = usePageTexts(overviewTexts);
  const minute = useMinutes();
  const overview = useOverview();
  const { counted_at: countedAt, people } = overview.data ?? {};
  const isAlone = people !== undefined && people.active <= 1 && people.invited === 0;
  const open = useOpenSteps(!isAlone); // asks beside the overview, not after it
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead title={texts.title} text={countedAt ? texts.countedAt(minute(countedAt)) : ''} />
      <Loaded query={overview}>
        {(data) => (
          <>
            {open && <FirstStepsCard {...open} />}
            {!(open && isAlone) && <Parts overview={data} />}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function Parts({ overview }: { overview: Overview }) {
  const { failed_sign_ins: failed, recent, days } = overview;
  return (
    <>
      <Numbers overview={overview} />
      {days && <DaysCard days={days} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        {failed && <FailedCard reasons={failed} />}
        {recent && <RecentCard changes={recent} />}
      </SimpleGrid>
    </>
  );
}
