import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { apiIn, dataOf } from '../api/client';
import { OuterPage } from '../common/outer/outer-page';
import { type PageTexts, useMinutes, usePageTexts, useTexts } from '../texts/texts';
import { SignOutButton } from './user-menu';

const en = {
  ended: (organization: string, until: string) => `You had access to ${organization} until ${until}.`,
  setBy: (name: string) => `The end was set by ${name}.`,
};
const de: typeof en = {
  ended: (organization, until) => `Sie hatten bis ${until} Zugang zu ${organization}.`,
  setBy: (name) => `Das Ende hat ${name} festgelegt.`,
};
const endedTexts: PageTexts<typeof en> = { en, de };

export function NoOrganization() {
  const { session } = useTexts();
  const texts = usePageTexts(endedTexts);
  const minute = useMinutes();
  const { data: ended = [] } = useQuery({
    queryKey: ['ended-access'],
    queryFn: () => dataOf(apiIn({}).GET('/api/v1/me/ended-access')),
  });
  return (
    <OuterPage title={session.noOrganization}>
      {ended.map(({ organization_id: id, organization_name: name, ended_at, set_by_name: setBy }) => (
        <Text key={id} size="sm">
          {texts.ended(name, minute(ended_at))} {setBy && texts.setBy(setBy)}
        </Text>
      ))}
      <Text size="sm">{session.noOrganizationText}</Text>
      <SignOutButton />
    </OuterPage>
  );
}
