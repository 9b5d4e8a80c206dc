import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { CreatedSecret } from '../common/created-secret';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { usePageTexts, useTexts, useTimes } from '../texts/texts';
import { rotationTexts } from './texts';
import { type RotatedKind, useRotation } from './use-rotation';

/** In hours, in the order of their texts. */
const OVERLAPS = [0, 1, 24, 168];

type Props = {
  kind: RotatedKind;
  rotated: { readonly id?: string; readonly description?: string };
  onClose: () => void;
};

/** Asks how long the old secret of a key or token still works, then shows the new one once. */
export function RotateDialog({ kind, rotated: { id = '', description = '' }, onClose }: Props) {
  const texts = usePageTexts(rotationTexts)[kind];
  const time = useTimes();
  const rotation = useRotation(kind);
  const { data } = rotation;
  const old = data?.secretEndsAt ? texts.worksUntil(time(data.secretEndsAt)) : texts.hasEnded;
  return (
    <Dialog title={texts.title(description)} size="lg" closesOnClickOutside={!data} onClose={onClose}>
      {data ? (
        <CreatedSecret value={data.secret} text={`${texts.shownOnce} ${old}`} onClose={onClose} />
      ) : (
        <OverlapChoice
          kind={kind}
          rotation={rotation}
          onRotate={(overlapHours) => rotation.mutate({ id, overlapHours })}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

type ChoiceProps = {
  kind: RotatedKind;
  rotation: ReturnType<typeof useRotation>;
  onRotate: (overlapHours: number) => void;
  onClose: () => void;
};

function OverlapChoice({ kind, rotation, onRotate, onClose }: ChoiceProps) {
  const { common } = useTexts();
  const { rotate, overlaps, [kind]: texts } = usePageTexts(rotationTexts);
  const [hours, setHours] = useState(kind === 'webhook' ? 24 : 0);
  const isAtOnce = hours === 0;
  return (
    <Stack>
      <Text size="sm">{texts.text}</Text>
      <NativeSelect
        label={texts.old}
        description={isAtOnce ? texts.atOnce : texts.later}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={overlaps.map((label, index) => ({ value: String(OVERLAPS[index]), label }))}
        value={String(hours)}
        onChange={(event) => setHours(Number(event.currentTarget.value))}
      />
      {rotation.error && <Problem error={rotation.error} />}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {common.cancel}
        </Button>
        <Button
          {...(isAtOnce ? { color: 'red.9' } : {})}
          loading={rotation.isPending}
          onClick={() => onRotate(hours)}
        >
          {rotate}
        </Button>
      </Group>
    </Stack>
  );
}
