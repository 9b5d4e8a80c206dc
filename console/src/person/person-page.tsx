import { Anchor, Stack, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { pageUser } from '../api/page-user';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { AccessExplanation } from '../organization-members/access-explanation';
import { useIsOrganizationAdmin, useOrganization } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { WhatConcernsThem, WhatTheyDid } from './activity';
import { CredentialsTable } from './credentials-table';
import { PersonFacts } from './person-facts';
import { PersonHead } from './person-head';
import { personTexts } from './texts';
import { type Person, usePerson } from './use-person';

/** One member of the organization: who they are, what they may do and why, and what they did. */
export function PersonPage() {
  const texts = usePageTexts(personTexts);
  const { identityId = '' } = useParams();
  const organization = useOrganization();
  const mayManage = organization.data?.permissions?.includes('organization:manage') ?? false;
  const person = usePerson(identityId, mayManage);
  return (
    <Stack gap="lg" maw={1000}>
      <Anchor component={Link} to=".." relative="path" size="sm">
        {texts.back}
      </Anchor>
      <Loaded query={organization} title={texts.title}>
        {() =>
          mayManage ? (
            <Loaded query={person} title={texts.title}>
              {(found) =>
                found ? <Details key={found.id} person={found} /> : <NotShown text={texts.notFound} />
              }
            </Loaded>
          ) : (
            <NotShown text={texts.mayNot}>
              <Anchor component={Link} to="../../access" relative="path">
                {texts.toOwnAccess}
              </Anchor>
            </NotShown>
          )
        }
      </Loaded>
    </Stack>
  );
}

function NotShown({ text, children }: { text: string; children?: ReactNode }) {
  const texts = usePageTexts(personTexts);
  return (
    <>
      <PageHead title={texts.title} text={text} />
      {children}
    </>
  );
}

function Details({ person }: { person: Person }) {
  const isSelf = person.ls_user_id === pageUser();
  return (
    <>
      <PersonHead person={person} isSelf={isSelf} />
      <PersonFacts person={person} isSelf={isSelf} />
      <Parts person={person} />
    </>
  );
}

/** The open tab is in the address. Only its data is read, since each reading of the audit log is an entry in it. */
function Parts({ person }: { person: Person }) {
  const { tabs } = usePageTexts(personTexts);
  const [search, setSearch] = useSearchParams();
  const isAdmin = useIsOrganizationAdmin();
  const parts = {
    access: <AccessExplanation identityId={person.id} />,
    ...(isAdmin ? { keys: <CredentialsTable userId={person.ls_user_id} /> } : {}),
    did: <WhatTheyDid userId={person.ls_user_id} />,
    concerned: <WhatConcernsThem userId={person.ls_user_id} />,
  };
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const open = names.find((name) => name === search.get('tab')) ?? 'access';
  return (
    <Tabs
      value={open}
      onChange={(tab) => setSearch(tab && tab !== 'access' ? { tab } : {}, { replace: true })}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {names.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {tabs[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {names.map((name) => (
        <Tabs.Panel key={name} value={name}>
          {parts[name]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
