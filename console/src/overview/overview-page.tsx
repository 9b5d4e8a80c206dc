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

/** Where admins start: what waits, what ends and what happened. Parts that the caller may not read are left out. */
export function OverviewPage() {
  const texts = usePageTexts(overviewTexts);
  const minute = useMinutes();
  const overview = useOverview();
  const countedAt = overview.data?.counted_at;
  return (
    <Stack gap="lg" maw={1100}>
      <PageHead title={texts.title} text={countedAt ? texts.countedAt(minute(countedAt)) : ''} />
      <Loaded query={overview}>{(data) => <Parts overview={data} />}</Loaded>
    </Stack>
  );
}

/** In an organization of one person, the first steps take the place of the numbers. */
function Parts({ overview }: { overview: Overview }) {
  const { people, failed_sign_ins: failed, recent, days } = overview;
  const isAlone = people.active <= 1 && people.invited === 0;
  const open = useOpenSteps(!isAlone);
  return (
    <>
      {open && <FirstStepsCard {...open} />}
      {!(open && isAlone) && (
        <>
          <Numbers overview={overview} />
          {days && <DaysCard days={days} />}
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
            {failed && <FailedCard reasons={failed} />}
            {recent && <RecentCard changes={recent} />}
          </SimpleGrid>
        </>
      )}
    </>
  );
}
