import type { QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { hasMailServer } from '../page/page-settings';
import type { Saved } from '../saved/saved';
import { usePageTexts } from '../texts/texts';
import { withoutMailTexts } from './without-mail/texts';
import { BulkDialog, type BulkDialogProps } from './bulk/bulk-dialog';
import type { Person } from './bulk/people';
import type { BulkAction } from './bulk/selection-bar';
import { bulkTexts } from './bulk/texts';

type Requests = {
  readonly key: QueryKey;
  readonly resend: (row: Person) => Promise<{ mail?: string | null }>;
  readonly revoke: (row: Person) => Promise<unknown>;
};

type Options<Row> = {
  /** What they are invited to. */
  readonly place: string;
  readonly requests: Requests;
  readonly again: (done: readonly Row[]) => Saved['next'];
};

/** What can be done for selected invitations. */
export function useInvitationActions<Row extends Person>({ place, requests, again }: Options<Row>) {
  const texts = usePageTexts(bulkTexts);
  const { renewSelected } = usePageTexts(withoutMailTexts);
  const actions: BulkAction<Row>[] = [
    {
      label: hasMailServer ? texts.resend : renewSelected,
      dialog: (props) => <ResendDialog {...props} requests={requests} />,
    },
    {
      label: texts.revoke,
      isDangerous: true,
      dialog: (props) => (
        <BulkDialog
          {...props}
          isDangerous
          title={texts.revokeTitle(props.rows.length)}
          text={texts.revokeText(place)}
          action={texts.revoke}
          run={requests.revoke}
          keys={[requests.key]}
          doneText={(done) => texts.revoked(done.length)}
          next={again}
        />
      ),
    },
  ];
  return actions;
}

function ResendDialog<Row extends Person>({
  requests,
  ...props
}: BulkDialogProps<Row> & { readonly requests: Requests }) {
  const texts = usePageTexts(bulkTexts);
  const withoutMail = usePageTexts(withoutMailTexts);
  const notMailed = useRef(0);
  const resend = async (row: Row) => {
    const { mail } = await requests.resend(row);
    if (mail !== 'queued') notMailed.current++;
  };
  return (
    <BulkDialog
      {...props}
      title={(hasMailServer ? texts.resendTitle : withoutMail.renewTitle)(props.rows.length)}
      text={hasMailServer ? texts.resendText : withoutMail.renewText}
      action={hasMailServer ? texts.resend : withoutMail.renewSelected}
      run={resend}
      keys={[requests.key]}
      doneText={({ length }) =>
        [texts.resent(length), ...(notMailed.current ? [texts.notMailed(notMailed.current)] : [])].join('\n')
      }
    />
  );
}
