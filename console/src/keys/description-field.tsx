import { TextInput } from '@mantine/core';
import { useTexts } from '../texts/texts';

type Props = {
  readonly value: string;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
};

/** What a key or token is for; the first field of its dialog. */
export function DescriptionField({ value, hint, onChange }: Props) {
  const { keys } = useTexts();
  return (
    <TextInput
      label={keys.description}
      description={hint}
      data-autofocus
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
