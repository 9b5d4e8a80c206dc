import { Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { Problem } from '../../common/problem';
import type { Texts } from '../../texts/en';
import { useTexts } from '../../texts/texts';
import { type Content, CONTENTS, isUnderstood, type PeopleTable } from './read-people';

export type Contents = readonly (Content | null)[];

type Props = {
  table: PeopleTable;
  contents: Contents;
  setContents: (contents: Contents) => void;
  error: Error | null;
  isPending: boolean;
  onBack: () => void;
  onContinue: () => void;
};

const ROWS_SHOWN = 5;

/** Asks what the columns of a list hold, over its first rows. */
export function ColumnsQuestion(props: Props) {
  const { columns, edit, preview } = useTexts().add;
  const { table, contents, error, isPending, onBack, onContinue } = props;
  const shown = table.rows.slice(0, ROWS_SHOWN);
  return (
    <Stack>
      <div>
        <Text fw={600}>{columns.question}</Text>
        <Text size="sm" c="dimmed">
          {columns.hint}
        </Text>
      </div>
      <Table.ScrollContainer
        type="native"
        minWidth={0}
        role="region"
        aria-label={columns.question}
        tabIndex={0}
      >
        <Table withColumnBorders className="columns">
          <Table.Thead>
            <ContentSelects {...props} />
            {table.headings && (
              <Table.Tr>
                {table.headings.map((heading, column) => (
                  <Table.Th key={column}>{heading}</Table.Th>
                ))}
              </Table.Tr>
            )}
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row, index) => (
              <Table.Tr key={index}>
                {contents.map((_, column) => (
                  <Table.Td key={column}>{row[column]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <div>
        {table.rows.length > ROWS_SHOWN && (
          <Text size="sm" c="dimmed">
            {columns.firstRows(ROWS_SHOWN, table.rows.length)}
          </Text>
        )}
        <Text size="sm" role="status">
          {missing(contents, columns)}
        </Text>
      </div>
      {error && <Problem error={error} />}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack} disabled={isPending}>
          {edit}
        </Button>
        <Button onClick={onContinue} loading={isPending} disabled={!isUnderstood(contents)}>
          {preview}
        </Button>
      </Group>
    </Stack>
  );
}

/** Why the list cannot be read. */
function missing(contents: Contents, columns: Texts['add']['columns']): string {
  const unanswered = contents.filter((content) => content === null).length;
  if (unanswered > 0) return columns.unanswered(unanswered);
  if (!contents.includes('email')) return columns.noAddress;
  return isUnderstood(contents) ? '' : columns.repeated;
}

function ContentSelects({ table, contents, setContents }: Props) {
  const { columns } = useTexts().add;
  const isRepeated = (content: Content | null) =>
    content !== 'unused' && content !== null && contents.indexOf(content) !== contents.lastIndexOf(content);
  const firstUnknown = contents.indexOf(null);
  const options = CONTENTS.map((value) => ({ value, label: columns.contents[value] }));
  return (
    <Table.Tr>
      {contents.map((content, column) => (
        <Table.Td key={column}>
          <NativeSelect
            aria-label={columns.column(column + 1, table.headings?.[column] ?? '')}
            data-autofocus={column === firstUnknown || undefined}
            data={[{ value: '', label: columns.choose }, ...options]}
            value={content ?? ''}
            error={isRepeated(content)}
            onChange={({ currentTarget }) => {
              const chosen = CONTENTS.find((one) => one === currentTarget.value) ?? null;
              setContents(contents.map((one, index) => (index === column ? chosen : one)));
            }}
          />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
