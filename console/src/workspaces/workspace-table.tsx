import { Anchor, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { Loaded } from '../common/loaded';
import { PAGE_SIZE, Pages } from '../common/pages';
import { type SimpleColumn, SimpleTable } from '../common/simple-table';
import { RowMenu } from '../common/row-menu';
import { useOrganization } from '../session/use-organization';
import { usePlace, type Workspace, type WorkspaceName } from '../session/use-workspaces';
import { useDates, usePageTexts, useTexts } from '../texts/texts';
import { useSaved } from '../saved/saved';
import { workspacesTexts } from './texts';
import { useCountedWorkspaces, useWorkspaceActions } from './use-workspace-list';

const SEARCHABLE = 10;

type Props = {
  all: readonly WorkspaceName[];
  onRename: (workspace: Workspace) => void;
  onDelete: (workspace: Workspace) => void;
};

/** A page of those whose names match; all of their names are known, the rest is read for the page. */
export function WorkspaceTable({ all, ...actions }: Props) {
  const texts = usePageTexts(workspacesTexts);
  const [{ search, page }, setView] = useState({ search: '', page: 1 });
  const seesAll = useOrganization().data?.org_role_name === 'ORGANIZATION_ADMIN';
  const columns = useColumns({ all, ...actions });
  const wanted = search.trim().toLowerCase();
  const found = all.filter(({ display_name: name }) => name.toLowerCase().includes(wanted));
  const shown = Math.min(page, Math.max(1, Math.ceil(found.length / PAGE_SIZE)));
  const ids = found.slice((shown - 1) * PAGE_SIZE, shown * PAGE_SIZE).map(({ id }) => id);
  const none = seesAll ? texts.none : texts.noneSeen;
  return (
    <Stack gap="sm">
      {all.length > SEARCHABLE && (
        <TextInput
          aria-label={texts.search}
          placeholder={texts.search}
          maw={320}
          value={search}
          onChange={(event) => setView({ search: event.currentTarget.value, page: 1 })}
        />
      )}
      <Loaded query={useCountedWorkspaces(ids)}>
        {(rows) => (
          <SimpleTable
            caption={texts.title}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            emptyText={wanted ? texts.noMatch : none}
          />
        )}
      </Loaded>
      <Pages total={found.length} page={shown} onPage={(next) => setView({ search, page: next })} />
      {!seesAll && all.length > 0 && (
        <Text size="sm" c="dimmed">
          {texts.onlyOwn}
        </Text>
      )}
    </Stack>
  );
}

type Row = { workspace: Workspace };

function useColumns({ all, ...actions }: Props): SimpleColumn<Workspace>[] {
  const { common } = useTexts();
  const texts = usePageTexts(workspacesTexts);
  const date = useDates();
  const membersOf = useMembersPath();
  const byName = Map.groupBy(all, ({ display_name: name }) => name);
  const sharesName = ({ display_name: name }: Workspace) => (byName.get(name)?.length ?? 0) > 1;
  const text = (value: string | null | undefined) => (
    <Text size="sm" className="wrapped">
      {value ?? '–'}
    </Text>
  );
  return [
    {
      label: texts.name,
      cell: (workspace) => <NameCell workspace={workspace} isShared={sharesName(workspace)} />,
    },
    {
      label: texts.members,
      width: 110,
      cell: ({ id, display_name: name, member_count: count }) => (
        <Count count={count} to={membersOf(id)} what={texts.membersOf(count ?? 0, name)} />
      ),
    },
    {
      label: texts.pending,
      visibleFrom: 'sm',
      width: 110,
      cell: ({ id, display_name: name, pending_count: count }) => (
        <Count count={count} to={`${membersOf(id)}?tab=pending`} what={texts.pendingIn(name)} />
      ),
    },
    { label: texts.role, visibleFrom: 'md', width: 160, cell: ({ role_name: role }) => text(role) },
    { label: texts.created, visibleFrom: 'lg', width: 140, cell: ({ created_at: at }) => text(date(at)) },
    {
      label: common.actionsColumn,
      width: 52,
      isUnseen: true,
      cell: (workspace) => <Actions workspace={workspace} {...actions} />,
    },
  ];
}

function useMembersPath() {
  const { orgId } = usePlace();
  return (id: string) => `/organizations/${orgId}/workspaces/${id}/members`;
}

function NameCell({ workspace, isShared }: Row & { isShared: boolean }) {
  const texts = usePageTexts(workspacesTexts);
  const { id, display_name: name, pending_count: pending } = workspace;
  return (
    <>
      <Anchor component={Link} to={useMembersPath()(id)} size="sm" fw={500} className="wrapped">
        {name}
      </Anchor>
      {isShared && (
        <Text size="xs" fw={500}>
          {texts.sameName}
        </Text>
      )}
      {workspace.requestable && (
        <Text size="xs" c="dimmed">
          {texts.requestable}
        </Text>
      )}
      {!!pending && (
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {texts.pendingHere(pending)}
        </Text>
      )}
    </>
  );
}

function Actions({ workspace, onRename, onDelete }: Row & Omit<Props, 'all'>) {
  const texts = usePageTexts(workspacesTexts);
  const { setRequestable } = useWorkspaceActions();
  const saved = useSaved();
  const { id, display_name: name, requestable = false } = workspace;
  const toggle = () =>
    setRequestable.mutate(
      { id, requestable: !requestable },
      {
        onSuccess: () =>
          saved({ text: requestable ? texts.isNotRequestable(name) : texts.isRequestable(name) }),
        onError: (error) => saved({ error }),
      },
    );
  const actions = [
    { label: texts.rename, run: () => onRename(workspace) },
    { label: requestable ? texts.stopAsking : texts.letAsk, run: toggle },
    { label: texts.remove, isDangerous: true, run: () => onDelete(workspace) },
  ];
  const mayManage = workspace.permissions?.includes('workspaces:manage') ?? false;
  return <RowMenu who={name} actions={mayManage ? actions : []} />;
}

type CountProps = { count: number | null | undefined; to: string; what: string };

/** Leads to the people who are counted; a dash where the reader may not see them. */
const Count = ({ count, to, what }: CountProps) =>
  typeof count === 'number' ? (
    <Anchor component={Link} to={to} size="sm">
      {count}
      <span className="visually-hidden"> {what}</span>
    </Anchor>
  ) : (
    <Text size="sm">–</Text>
  );
