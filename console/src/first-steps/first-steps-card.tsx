import { Anchor, Badge, CloseButton, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { HelpTopic } from '../page/help';
import { HelpLink } from '../problems/help-link';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts } from '../texts/texts';
import { firstStepTexts } from './texts';
import { type Step, type Steps, useFirstSteps } from './use-first-steps';

const storedAs = (orgId: string) => `tenantry.first-steps.${orgId}`;

type Open = { steps: Steps; hide: () => void };

/** What a new organization needs, until it is done or the reader hides it in this browser. */
export function useOpenSteps(hasOthers: boolean): Open | null {
  const { orgId } = usePlace();
  const [isHidden, setIsHidden] = useState(() => localStorage.getItem(storedAs(orgId)) === 'hidden');
  const steps = useFirstSteps(hasOthers, !isHidden);
  if (isHidden || !steps || Object.values(steps).every(Boolean)) return null;
  const hide = () => {
    localStorage.setItem(storedAs(orgId), 'hidden');
    setIsHidden(true);
  };
  return { steps, hide };
}

export function FirstStepsCard({ steps, hide }: Open) {
  const texts = usePageTexts(firstStepTexts);
  const pages = usePages();
  const all = Object.entries(steps) as [Step, boolean][];
  const count = all.filter(([, isDone]) => isDone).length;
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section">
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <Group gap="xs">
          <Title order={2} size="h4">
            {texts.title}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.done(count, all.length)}
          </Text>
        </Group>
        <CloseButton aria-label={texts.hide} onClick={hide} />
      </Group>
      <List listStyleType="none" spacing="xs">
        {all.map(([step, isDone]) => (
          <List.Item key={step}>
            <StepLine
              title={texts[step]}
              text={texts[`${step}Text`]}
              page={pages[step]}
              help={HELP[step]}
              isDone={isDone}
            />
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}

function usePages(): Record<Step, string> {
  const { orgId } = usePlace();
  const settings = `/organizations/${orgId}/settings`;
  return {
    password: `${settings}/profile`,
    invite: `${settings}/members`,
    signOn: `${settings}/single-sign-on`,
    scim: `${settings}/provisioning`,
  };
}

const HELP: Partial<Record<Step, HelpTopic>> = {
  invite: 'movePeopleIn',
  signOn: 'singleSignOn',
  scim: 'scim',
};

type LineProps = { title: string; text: string; page: string; help: HelpTopic | undefined; isDone: boolean };

function StepLine({ title, text, page, help, isDone }: LineProps) {
  const texts = usePageTexts(firstStepTexts);
  return (
    <Stack gap={0}>
      <Group gap="xs">
        <Anchor component={Link} to={page} size="sm" fw={500}>
          {title}
        </Anchor>
        {isDone && (
          <Badge variant="light" tt="none">
            {texts.isDone}
          </Badge>
        )}
      </Group>
      {!isDone && (
        <Text size="sm" c="dimmed">
          {text} {help && <HelpLink topic={help} of={title} />}
        </Text>
      )}
    </Stack>
  );
}
