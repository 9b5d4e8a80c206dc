import { Alert, Badge, Code, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { problemTexts } from '../failed-sign-ins/problem-texts';
import { filterTexts } from '../members/filters/texts';
import { idleTexts } from '../provisioning/idle-texts';
import { usePageTexts } from '../texts/texts';
import { testTexts } from './texts';
import type { TestResult } from './use-test-sign-in';

/** Whether single sign-on works, or what is wrong; then what the person would get, and what was sent. */
export function TestResultView({ result }: { result: TestResult }) {
  const texts = usePageTexts(testTexts);
  return (
    <Stack gap="md">
      {result.failure ? <Failure failure={result.failure} /> : <Success result={result} />}
      {result.status === 'passed' && <Rights rights={result.rights} />}
      {result.groups_state && (
        <Section title={texts.groups}>
          <Text size="sm">{texts.groupsStates[result.groups_state]}</Text>
          {result.groups.length > 0 && <Groups groups={result.groups} />}
        </Section>
      )}
      {result.claims.length > 0 && <Claims result={result} />}
    </Stack>
  );
}

function Success({ result: { rule, account, defaults, rights } }: { result: TestResult }) {
  const texts = usePageTexts(testTexts);
  const startsByDefault = rights.every(({ workspace_id: id, source }) => id === null || source === 'jit');
  return (
    <Alert color="green" title={texts.works}>
      <Text size="sm">{rule && texts.rules[rule]}</Text>
      <Text size="sm">{account && texts.accounts[account]}</Text>
      {defaults && startsByDefault && <Text size="sm">{texts.defaults[defaults]}</Text>}
    </Alert>
  );
}

function Failure({ failure }: { failure: NonNullable<TestResult['failure']> }) {
  const texts = usePageTexts(testTexts);
  const [problem, remedy] = usePageTexts(problemTexts)[failure.code] ?? [failure.message, ''];
  const flaw = failure.code === 'invalid_id_token' ? (failure.reason?.split(':')[0] ?? '') : '';
  return (
    <Alert color="red" title={texts.steps[failure.step]}>
      <Text size="sm">{problem}</Text>
      <Text size="sm">{texts.flaws[flaw] ?? remedy}</Text>
      <Code>{failure.code}</Code>
      {failure.reason && (
        <Text size="sm" mt="xs">
          {texts.forOperator} <Code style={{ overflowWrap: 'anywhere' }}>{failure.reason}</Code>
        </Text>
      )}
    </Alert>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <Stack gap="xs">
    <Title order={3} size="h5">
      {title}
    </Title>
    {children}
  </Stack>
);

function Claims({ result: { claims, other_claims: others } }: { result: TestResult }) {
  const texts = usePageTexts(testTexts);
  return (
    <Section title={texts.claims}>
      <Table layout="fixed" withTableBorder aria-label={texts.claims}>
        <Table.Tbody>
          {claims.map(({ used_for: use, name, value }) => (
            <Table.Tr key={`${use} ${name}`}>
              <Table.Th>
                <Text size="sm">{texts.uses[use]}</Text>
                <Code style={{ overflowWrap: 'anywhere' }}>{name}</Code>
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {value ?? (
                  <Text size="sm" c="dimmed">
                    {texts.notSent}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {others.length > 0 && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {texts.others(others.join(', '))}
        </Text>
      )}
    </Section>
  );
}

function Groups({ groups }: { groups: TestResult['groups'] }) {
  const texts = usePageTexts(testTexts);
  const idle = usePageTexts(idleTexts);
  const giftOf = ({ meaning, ...place }: TestResult['groups'][number]) => {
    if (meaning === 'admin') return texts.admin;
    if (meaning === 'workspace') return texts.role(place.role_name ?? '', place.workspace_name ?? '');
    return idle[meaning];
  };
  return (
    <Table layout="fixed" withTableBorder aria-label={texts.groups}>
      <Table.Tbody>
        {groups.map((group) => (
          <Table.Tr key={group.name}>
            <Table.Th style={{ overflowWrap: 'anywhere' }}>{group.name}</Table.Th>
            <Table.Td>
              {giftOf(group)}
              {group.is_followed && ` ${idle.followed}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Rights({ rights }: { rights: TestResult['rights'] }) {
  const texts = usePageTexts(testTexts);
  const sources: Readonly<Record<string, string | undefined>> = usePageTexts(filterTexts).sources;
  return (
    <Section title={texts.rights}>
      {rights.length === 0 && <Text size="sm">{texts.noRights}</Text>}
      {rights.length > 0 && (
        <Table layout="fixed" withTableBorder aria-label={texts.rights}>
          <Table.Tbody>
            {rights.map(
              ({ workspace_id: id, workspace_name: workspace, role_name: role, source, change }) => (
                <Table.Tr key={id}>
                  <Table.Th style={{ overflowWrap: 'anywhere' }}>{workspace ?? texts.organization}</Table.Th>
                  <Table.Td>
                    <Text size="sm">
                      {role}{' '}
                      <Badge variant="light" tt="none" color={change === 'removed' ? 'red' : 'gray'}>
                        {texts.changes[change]}
                      </Badge>
                    </Text>
                    <Text size="sm" c="dimmed">
                      {sources[source] ?? source}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ),
            )}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
