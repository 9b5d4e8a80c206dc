import { Dialog } from '../common/dialog';
import { Loaded } from '../common/loaded';
import { useTexts } from '../texts/texts';
import { AccessExplanation } from './access-explanation';
import { useMemberAccess } from './use-organization-members';

/** Every role of a person: where it holds, and what granted it. */
export function AccessDialog({ identityId, onClose }: { identityId: string; onClose: () => void }) {
  const texts = useTexts().access;
  const access = useMemberAccess(identityId);
  const { data } = access;
  const who = data ? data.full_name || data.email : '';
  return (
    <Dialog title={data ? texts.title(who) : texts.loading} size="lg" onClose={onClose}>
      <Loaded query={access}>{(member) => <AccessExplanation member={member} />}</Loaded>
    </Dialog>
  );
}
