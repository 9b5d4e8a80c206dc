import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { useTexts } from '../../texts/texts';

/** A list of people that is typed, pasted, chosen as a file or dropped. */
export function PeopleField({ text, setText }: { text: string; setText: (text: string) => void }) {
  const { add } = useTexts();
  const [isOver, setIsOver] = useState(false);
  const read = async (file: File | null | undefined) => file && setText(await file.text());
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void read(event.dataTransfer.files[0]);
  };
  return (
    <Stack>
      <div
        className="people-drop"
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <Textarea
          label={add.people}
          description={add.peopleHint}
          placeholder={'ada@example.com\ngrace@example.com'}
          rows={8}
          data-autofocus
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Group gap="xs">
        <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => void read(file)}>
          {(button) => (
            <Button {...button} variant="default" size="xs">
              {add.file}
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {add.dropHere}
        </Text>
      </Group>
    </Stack>
  );
}
