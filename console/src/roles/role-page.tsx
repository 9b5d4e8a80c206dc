import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { Loaded } from '../common/loaded';
import { PageHead } from '../common/page-head';
import { Problem } from '../common/problem';
import { discardUnsaved, useUnsavedChanges } from '../page/unsaved';
import { useSaved } from '../saved/saved';
import { type Role, useAllRoles } from './role-list';
import { useMay } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { PermissionMatrix } from './permission-matrix';
import { RestrictionSwitch } from './restriction-switch';
import { roleTexts } from './texts';
import { isCustom, type Permission, usePermissions, useSaveRole } from './use-roles';

/** One role: a form for a new one and for one of the organization, read-only for a system role. */
export function RolePage() {
  const texts = usePageTexts(roleTexts);
  const { roleId } = useParams();
  const [search] = useSearchParams();
  const roles = useAllRoles();
  const permissions = usePermissions();
  return (
    <Stack gap="lg" maw={1100}>
      <Anchor component={Link} to=".." relative="path" size="sm">
        {texts.back}
      </Anchor>
      <Loaded query={roles} title={texts.title}>
        {(all) => (
          <Loaded query={permissions} title={texts.title}>
            {(known) => {
              if (!roleId) {
                const model = all.find(({ id }) => id === search.get('from')) ?? null;
                return <RoleForm key="new" role={null} model={model} known={known} />;
              }
              const role = all.find(({ id }) => id === roleId);
              if (!role) return <PageHead title={texts.title} text={texts.unknown} />;
              return <RoleForm key={role.id} role={role} model={role} known={known} />;
            }}
          </Loaded>
        )}
      </Loaded>
    </Stack>
  );
}

/** `model`: the role whose values the form starts with. */
type Props = { role: Role | null; model: Role | null; known: readonly Permission[] };

function RoleForm({ role, model, known }: Props) {
  const { common } = useTexts();
  const texts = usePageTexts(roleTexts);
  const mayManage = useMay('organization:manage');
  const isReadOnly = !mayManage || (role !== null && !isCustom(role));
  const scope = role?.access_scope ?? 'workspace';
  const offered = known.filter((permission) => permission.access_scope === scope);
  const { draft, setDraft, save, submit } = useDraft(role, model, offered);
  const copied = scope === 'workspace' && role && mayManage;
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <PageHead
          title={role?.display_name ?? texts.newRole}
          text={
            isReadOnly && mayManage
              ? texts.systemRole
              : (texts.systemRoles[role?.name ?? ''] ?? role?.description ?? '')
          }
          action={
            copied && (
              <Button variant="default" component={Link} to={`../new?from=${role.id}`} relative="path">
                {texts.copy}
              </Button>
            )
          }
        />
        {!mayManage && <Text size="sm">{texts.mayNot}</Text>}
        {role && scope === 'workspace' && <RestrictionSwitch role={role} mayManage={mayManage} />}
        {!isReadOnly && (
          <>
            <TextInput
              label={texts.name}
              maw={420}
              required
              withAsterisk={false}
              value={draft.name}
              onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
            />
            <TextInput
              label={texts.description}
              description={texts.descriptionHint}
              maw={640}
              value={draft.description}
              onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
            />
          </>
        )}
        <PermissionMatrix
          offered={offered}
          held={draft.held}
          isReadOnly={isReadOnly}
          onChange={(held) => setDraft({ ...draft, held })}
        />
        {save.error && <Problem error={save.error} />}
        {!isReadOnly && (
          <Group className="form-foot">
            <Button type="submit" loading={save.isPending} disabled={draft.name.trim() === ''}>
              {common.save}
            </Button>
            <Button variant="default" component={Link} to=".." relative="path">
              {common.cancel}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

const inOrder = (permissions: ReadonlySet<string>) => [...permissions].toSorted().join();

type Draft = { name: string; description: string; held: ReadonlySet<string> };

function useDraft(role: Role | null, model: Role | null, offered: readonly Permission[]) {
  const texts = usePageTexts(roleTexts);
  const navigate = useNavigate();
  const save = useSaveRole(role);
  const saved = useSaved();
  const list = `/organizations/${usePlace().orgId}/settings/roles`;
  const [initial] = useState<Draft>(() => ({
    name: role ? role.display_name : model ? texts.copyName(model.display_name) : '',
    description: model?.description ?? '',
    held: new Set(model?.permissions),
  }));
  const [draft, setDraft] = useState(initial);
  useUnsavedChanges(
    draft.name !== initial.name ||
      draft.description !== initial.description ||
      inOrder(draft.held) !== inOrder(initial.held),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const name = draft.name.trim();
    const permissions = offered.map((permission) => permission.name).filter((each) => draft.held.has(each));
    const onSuccess = () => {
      saved({ text: texts.saved(name), path: list });
      discardUnsaved();
      void navigate(list);
    };
    save.mutate({ display_name: name, description: draft.description.trim(), permissions }, { onSuccess });
  };
  return { draft, setDraft, save, submit };
}
