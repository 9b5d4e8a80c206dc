import { Box, Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { Loaded } from '../common/loaded';
import { MoreButton } from '../common/more-button';
import { PageHead } from '../common/page-head';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { useSaved } from '../saved/saved';
import { SettingsCard } from '../common/settings-card';
import { useIsOrganizationAdmin } from '../session/use-organization';
import { usePageTexts, useTexts } from '../texts/texts';
import { AskDialog } from './ask-dialog';
import { RequestedAccess, RequestState } from './request-facts';
import { accessRequestTexts } from './texts';
import {
  type AccessRequest,
  type AccessTarget,
  useAccessRequests,
  useAccessTargets,
  useWithdraw,
} from './use-access-requests';

/** What a member can ask for, and what became of their requests. */
export function AskForAccessPage() {
  const texts = usePageTexts(accessRequestTexts);
  return (
    <Stack gap="lg" maw={1000}>
      <PageHead title={texts.askTitle} text={texts.askText} />
      <TargetsCard />
      <OwnRequestsCard />
    </Stack>
  );
}

function TargetsCard() {
  const texts = usePageTexts(accessRequestTexts);
  const targets = useAccessTargets();
  const [asked, setAsked] = useState<AccessTarget | null>(null);
  const columns = useTargetColumns(setAsked);
  return (
    <SettingsCard title={texts.targets} text={texts.targetsText} help="accessRequests">
      <Loaded query={targets}>
        {(rows) => (
          <SimpleTable
            caption={texts.targets}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            emptyText={texts.noTargets}
          />
        )}
      </Loaded>
      <MoreButton list={targets} />
      {asked && <AskDialog target={asked} onClose={() => setAsked(null)} />}
    </SettingsCard>
  );
}

function useTargetColumns(onAsk: (target: AccessTarget) => void): SimpleColumn<AccessTarget>[] {
  const { common } = useTexts();
  const texts = usePageTexts(accessRequestTexts);
  const isAdmin = useIsOrganizationAdmin();
  const kindOf = ({ kind }: AccessTarget) => (kind === 'workspace' ? texts.workspace : texts.group);
  const heldOf = ({ kind, is_member: isMember, role_name: role }: AccessTarget) => {
    if (isAdmin && kind === 'workspace') return texts.adminHere;
    return role ?? (isMember ? texts.member : texts.nothing);
  };
  /** Why there is no button; null if there is one. */
  const obstacleOf = (target: AccessTarget) => {
    if (target.open_request_id) return texts.asked;
    if (target.is_managed_by_provider) return texts.byProvider;
    const hasAll = target.kind === 'workspace' ? isAdmin : target.is_member;
    return hasAll ? '' : null;
  };
  return [
    {
      label: texts.name,
      cell: (target) => (
        <>
          <Text size="sm" fw={500} className="wrapped">
            {target.name}
          </Text>
          <Text size="xs" c="dimmed" className="wrapped">
            {[kindOf(target), ...(target.description ? [target.description] : [])].join(' · ')}
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {texts.youHave}: {heldOf(target)}
          </Text>
        </>
      ),
    },
    {
      label: texts.youHave,
      visibleFrom: 'sm',
      width: '25%',
      cell: (target) => <Text size="sm">{heldOf(target)}</Text>,
    },
    {
      label: common.actionsColumn,
      isUnseen: true,
      width: 130,
      cell: (target) => {
        const obstacle = obstacleOf(target);
        return obstacle === null ? (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={texts.askFor(target.name)}
            onClick={() => onAsk(target)}
          >
            {texts.ask}
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            {obstacle}
          </Text>
        );
      },
    },
  ];
}

function OwnRequestsCard() {
  const texts = usePageTexts(accessRequestTexts);
  const { common } = useTexts();
  const saved = useSaved();
  const requests = useAccessRequests('mine');
  const withdraw = useWithdraw();
  const [withdrawn, setWithdrawn] = useState<AccessRequest | null>(null);
  const columns: SimpleColumn<AccessRequest>[] = [
    {
      label: texts.what,
      cell: (request) => (
        <>
          <RequestedAccess request={request} />
          <Box hiddenFrom="sm" mt="xs">
            <RequestState request={request} />
          </Box>
        </>
      ),
    },
    {
      label: texts.state,
      visibleFrom: 'sm',
      width: '35%',
      cell: (request) => <RequestState request={request} />,
    },
    {
      label: common.actionsColumn,
      isUnseen: true,
      width: 150,
      cell: (request) =>
        request.state === 'pending' && (
          <Button variant="default" size="compact-sm" onClick={() => setWithdrawn(request)}>
            {texts.withdraw}
          </Button>
        ),
    },
  ];
  return (
    <SettingsCard title={texts.ownRequests} text={texts.ownRequestsText}>
      <Loaded query={requests}>
        {(rows) => (
          <SimpleTable
            caption={texts.ownRequests}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            emptyText={texts.noOwnRequests}
          />
        )}
      </Loaded>
      <MoreButton list={requests} />
      {withdrawn && (
        <ConfirmDialog
          title={texts.withdrawTitle}
          text={texts.withdrawText}
          action={texts.withdraw}
          change={withdraw}
          input={withdrawn}
          onDone={() => saved({ text: texts.wasWithdrawn })}
          onClose={() => setWithdrawn(null)}
        />
      )}
    </SettingsCard>
  );
}
