import { TextInput } from '@mantine/core';
import { usePageTexts } from '../texts/texts';
import { receiverTexts } from './texts';

type Values = { readonly url: string; readonly description: string };
type Props = { values: Values; hint: string; onChange: (change: Partial<Values>) => void };

/** Where to send, and what that is. */
export function ReceiverFields({ values, hint, onChange }: Props) {
  const texts = usePageTexts(receiverTexts);
  return (
    <>
      <TextInput
        label={texts.address}
        description={texts.addressHint}
        placeholder="https://"
        type="url"
        data-autofocus
        required
        withAsterisk={false}
        maxLength={2000}
        value={values.url}
        onChange={(event) => onChange({ url: event.currentTarget.value })}
      />
      <TextInput
        label={texts.description}
        description={hint}
        maxLength={200}
        value={values.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
    </>
  );
}
