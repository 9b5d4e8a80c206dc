import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { usePlace, useWorkspaces } from '../session/use-workspaces';
import { type PageTexts, usePageTexts } from '../texts/texts';

const en = { choose: 'Choose workspaces', removeAll: 'Remove all workspaces' };
const de: typeof en = { choose: 'Workspaces wählen', removeAll: 'Alle Workspaces entfernen' };
const selectTexts: PageTexts<typeof en> = { en, de };

type Props = Pick<MultiSelectProps, 'label' | 'disabled' | 'error'> & {
  value: string[];
  onChange: (ids: string[]) => void;
};

/** Chooses workspaces of the organization. */
export function WorkspaceSelect({ value, ...props }: Props) {
  const texts = usePageTexts(selectTexts);
  const { orgId } = usePlace();
  const { data: workspaces = [] } = useWorkspaces(orgId);
  return (
    <MultiSelect
      placeholder={value.length === 0 ? texts.choose : undefined}
      data={workspaces.map(({ id, display_name: label }) => ({ value: id, label }))}
      value={value}
      searchable
      clearButtonProps={{ 'aria-label': texts.removeAll }}
      {...props}
    />
  );
}
