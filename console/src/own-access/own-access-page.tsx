import { Stack, Text, Title } from '@mantine/core';
import { Fact } from '../common/fact';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { AccessExplanation } from '../organization-members/access-explanation';
import { useOrganization } from '../session/use-organization';
import { useLoginMethods } from '../session/use-login-methods';
import { usePageTexts } from '../texts/texts';
import { ownAccessTexts } from './texts';
import { useOwnMembership } from './use-own-membership';

/** The explain response for the signed-in user. */
export function OwnAccessPage() {
  const texts = usePageTexts(ownAccessTexts);
  return (
    <Stack gap="lg" maw={760}>
      <PageHead title={texts.title} text={texts.text} />
      <Loaded query={useOwnMembership()}>
        {(member) =>
          member ? (
            <>
              <Identity name={member.full_name ?? null} email={member.email ?? ''} />
              <Title order={2} size="h4">
                {texts.why}
              </Title>
              <AccessExplanation identityId={member.id} />
            </>
          ) : (
            <Text>{texts.noMember}</Text>
          )
        }
      </Loaded>
    </Stack>
  );
}

function Identity({ name, email }: { name: string | null; email: string }) {
  const texts = usePageTexts(ownAccessTexts);
  const { data: methods = [] } = useLoginMethods();
  const { data: organization } = useOrganization();
  const providers = new Set(methods.map(({ provider }) => texts.providers[provider ?? ''] ?? provider));
  return (
    <dl className="facts">
      <Fact label={texts.you}>{name ? `${name} (${email})` : email}</Fact>
      <Fact label={texts.organization}>{organization?.display_name}</Fact>
      <Fact label={texts.signedInWith}>{[...providers].join('\n')}</Fact>
    </dl>
  );
}
