import { Anchor, Box, Button, Group, Loader, Text } from '@mantine/core';
import { Problem } from '../common/problem';
import { SettingsCard } from '../common/settings-card';
import type { OrganizationInfo } from '../session/use-organization';
import { usePageTexts } from '../texts/texts';
import { TestResultView } from './test-result-view';
import { testTexts } from './texts';
import { useTestSignIn } from './use-test-sign-in';

/** Tries the whole sign-in at the identity provider, without signing anybody in. */
export function TestSignInCard({ organization }: { organization: OrganizationInfo }) {
  const texts = usePageTexts(testTexts);
  const isAdmin = organization.org_role_name === 'ORGANIZATION_ADMIN';
  const obstacle = organization.default_sso_provision
    ? isAdmin
      ? null
      : texts.onlyAdmins
    : texts.notDefault;
  return (
    <SettingsCard title={texts.title} text={texts.text} help="testSignIn">
      {obstacle ? <Text size="sm">{obstacle}</Text> : <Test />}
    </SettingsCard>
  );
}

function Test() {
  const texts = usePageTexts(testTexts);
  const { open, isStarting, error, waitingUrl, result } = useTestSignIn();
  return (
    <div>
      <Group>
        <Button variant={result ? 'default' : 'filled'} loading={isStarting} onClick={open}>
          {result || waitingUrl ? texts.again : texts.start}
        </Button>
      </Group>
      <Box role="status" mt={error || waitingUrl || result ? 'md' : 0}>
        {error && <Problem error={error} />}
        {waitingUrl && (
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <Loader size="sm" />
            <Text size="sm">
              {texts.waiting}{' '}
              <Anchor
                href={waitingUrl}
                target="_blank"
                rel="noopener noreferrer"
                size="sm"
                underline="always"
              >
                {texts.openProvider}
              </Anchor>
            </Text>
          </Group>
        )}
        {result && <TestResultView result={result} />}
      </Box>
    </div>
  );
}
