import { Paper, SimpleGrid, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useLanguage, usePageTexts } from '../texts/texts';
import { overviewTexts } from './texts';
import { endingCredentials, type Overview } from './use-overview';

/** Each leads to the list that it counts. */
export function Numbers({ overview }: { overview: Overview }) {
  const texts = usePageTexts(overviewTexts);
  const { language } = useLanguage();
  const { people, access_requests: requests, ending } = overview;
  const numbers = [
    { label: texts.active, count: people.active, to: 'members' },
    { label: texts.invited, count: people.invited, to: 'members?tab=pending' },
    { label: texts.waitingForLink, count: people.waiting_for_link, to: 'members?tab=pending&state=waiting' },
    { label: texts.requests, count: requests, to: 'access-requests' },
    { label: texts.accessEnds, count: ending?.access ?? null, to: 'members?ends=7' },
    {
      label: texts.credentialsEnd,
      count: ending && endingCredentials(overview),
      to: 'credentials?expires=7',
    },
  ];
  return (
    <SimpleGrid component="ul" aria-label={texts.numbers} cols={{ base: 2, sm: 3 }} className="numbers">
      {numbers.map(
        ({ label, count, to }) =>
          count !== null && (
            <Paper key={to} component="li" withBorder>
              <Link to={`../${to}`} relative="path">
                <Text span display="block" fz={28} fw={700} lh={1.2}>
                  {count.toLocaleString(language)}
                </Text>{' '}
                <Text span display="block" size="sm" c="dimmed" className="wrapped">
                  {label}
                </Text>
              </Link>
            </Paper>
          ),
      )}
    </SimpleGrid>
  );
}
