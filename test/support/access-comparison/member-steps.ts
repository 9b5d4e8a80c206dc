import { randomUUID } from 'node:crypto';
import { role as systemRoleId } from '../fixtures.js';
import { ORG_BATCH, ORG_MEMBERS, WORKSPACE_BATCH } from '../invitations.js';
import type { Rows } from './rows.js';
import { personName, sends, type Step, type Turn } from './step.js';

export const MEMBERS = '/api/v1/workspaces/current/members';
const [USER, VIEWER] = [systemRoleId('ORGANIZATION_USER'), systemRoleId('ORGANIZATION_VIEWER')];

const titleOf = ({ rows, role }: Turn): string => rows.roles.find(({ id }) => id === role)?.title ?? role;

/** The membership of the chosen person in the workspace, or a random id. */
const placeOf = ({ world, rows, workspace, choice }: Turn): string => {
  const { userId } = world.person(choice.person);
  return rows.places.find((one) => one.user === userId && one.workspace === workspace)?.id ?? randomUUID();
};
const invitationOf = ({ world, rows, choice }: Turn): string | null =>
  rows.invitations.find(({ email }) => email === world.at('pending', choice.person))?.id ?? null;

/** A member, somebody with a pending invitation, or a stranger. */
const addressOf = ({ world, choice }: Turn, more = 0): string => {
  const n = choice.person + more;
  const all = [...world.people.map(({ email }) => email), ...world.pending, ...world.strangers];
  return all[n % all.length] ?? '';
};

const inviteRow = (turn: Turn, more = 0) => ({
  email: addressOf(turn, more),
  role_id: turn.choice.other % 2 === 0 ? USER : VIEWER,
  workspace_ids: [turn.workspace],
  workspace_role_id: turn.role,
});

const onPending =
  (said: string, send: (turn: Turn, path: string) => Promise<{ status: number }>, base: string) =>
  (turn: Turn) => {
    const id = invitationOf(turn);
    const email = personName(turn.world.at('pending', turn.choice.person));
    return id
      ? sends(`${said} of ${email} (${titleOf(turn)})`, send(turn, `${base}/${id}/pending`))
      : Promise.resolve(null);
  };

/** The rows with this role of a person: a membership, or the workspace of an invitation. */
function withRole(rows: Rows, email: string, { workspace, role }: Turn): Rows {
  const user = rows.members.find((one) => one.email === email)?.user;
  if (user) {
    if (rows.places.some((one) => one.user === user && one.workspace === workspace)) return rows;
    return { ...rows, places: [...rows.places, { id: '', user, workspace, role, source: 'manual' }] };
  }
  const known = rows.invitations.find((one) => one.email === email);
  const invitation = { id: known?.id ?? email, email, org_role: USER, is_expired: false };
  const others = rows.invitations.filter((one) => one.email !== email);
  const isOffered = rows.offers.some(
    (one) => one.invitation === invitation.id && one.workspace === workspace,
  );
  const offer = { invitation: invitation.id, workspace, role };
  return {
    ...rows,
    invitations: [...others, invitation],
    offers: isOffered ? rows.offers : [...rows.offers, offer],
  };
}
const invited = (turn: Turn): Rows => withRole(turn.rows, addressOf(turn), turn);
const batched = (turn: Turn): Rows => withRole(invited(turn), addressOf(turn, turn.choice.other + 1), turn);
const amended = (turn: Turn): Rows => {
  const invitation = invitationOf(turn);
  const offers = turn.rows.offers.map((one) =>
    one.invitation === invitation && one.workspace === turn.workspace ? { ...one, role: turn.role } : one,
  );
  return { ...turn.rows, offers };
};
const renewed = (turn: Turn): Rows => {
  const id = invitationOf(turn);
  const invitations = turn.rows.invitations.map((one) => ({
    ...one,
    is_expired: one.is_expired && one.id !== id,
  }));
  return { ...turn.rows, invitations };
};

const MANAGE = { needs: 'workspaces:manage-members', compares: 'everything', weight: 2 } as const;
const OF_ORG = { needs: 'organization:manage', compares: 'everything' } as const;

export const MEMBER_STEPS: Readonly<Record<string, Step>> = {
  'add member': {
    ...MANAGE,
    weight: 4,
    predict: (turn) => withRole(turn.rows, addressOfMember(turn), turn),
    run: (turn) => {
      const { userId, email } = turn.world.person(turn.choice.person);
      return sends(
        `add ${personName(email)} as ${titleOf(turn)}`,
        turn.api.post(MEMBERS, { user_id: userId, role_id: turn.role }),
      );
    },
  },
  'change member': {
    ...MANAGE,
    weight: 4,
    predict: (turn) => {
      const id = placeOf(turn);
      const places = turn.rows.places.map((one) => (one.id === id ? { ...one, role: turn.role } : one));
      return { ...turn.rows, places };
    },
    run: (turn) =>
      sends(
        `change ${personName(addressOfMember(turn))} to ${titleOf(turn)}`,
        turn.api.patch(`${MEMBERS}/${placeOf(turn)}`, { role_id: turn.role }),
      ),
  },
  'remove member': {
    ...MANAGE,
    weight: 4,
    predict: (turn) => {
      const id = addressOfMember(turn) === turn.caller.subject.id ? null : placeOf(turn);
      return { ...turn.rows, places: turn.rows.places.filter((one) => one.id !== id) };
    },
    run: async (turn) => {
      const email = addressOfMember(turn);
      if (email === turn.caller.subject.id) return null; // leaving is never compared
      return sends(`remove ${personName(email)}`, turn.api.delete(`${MEMBERS}/${placeOf(turn)}`));
    },
  },
  'workspace batch': {
    ...MANAGE,
    predict: batched,
    run: (turn) => {
      const rows = [inviteRow(turn), inviteRow(turn, turn.choice.other + 1)];
      const said = `batch: ${rows.map(({ email }) => personName(email)).join(', ')} as ${titleOf(turn)}`;
      return sends(said, turn.api.post(WORKSPACE_BATCH, rows));
    },
  },
  'amend workspace invitation': {
    ...MANAGE,
    predict: amended,
    run: onPending('amend invitation', ({ api, role }, path) => api.patch(path, { role_id: role }), MEMBERS),
  },
  'resend workspace invitation': {
    ...MANAGE,
    predict: renewed,
    run: onPending('resend invitation', ({ api }, path) => api.post(`${path}/resend`), MEMBERS),
  },
  'revoke workspace invitation': {
    ...MANAGE,
    predict: (turn) => {
      const id = invitationOf(turn);
      const isRevoked = (one: Rows['offers'][number]) =>
        one.invitation === id && one.workspace === turn.workspace;
      return { ...turn.rows, offers: turn.rows.offers.filter((one) => !isRevoked(one)) };
    },
    run: onPending('revoke invitation', ({ api }, path) => api.delete(path), MEMBERS),
  },
  'organization invite': {
    ...OF_ORG,
    predict: invited,
    run: (turn) =>
      sends(
        `invite ${personName(addressOf(turn))} as ${titleOf(turn)}`,
        turn.api.post(ORG_MEMBERS, inviteRow(turn)),
      ),
  },
  'organization batch': {
    ...OF_ORG,
    predict: batched,
    run: (turn) => {
      const rows = [inviteRow(turn), inviteRow(turn, turn.choice.other + 1)];
      const said = `org batch: ${rows.map(({ email }) => personName(email)).join(', ')} as ${titleOf(turn)}`;
      return sends(said, turn.api.post(ORG_BATCH, rows));
    },
  },
  'amend organization invitation': {
    ...OF_ORG,
    run: onPending(
      'amend organization invitation',
      ({ api, role, workspace }, path) =>
        api.patch(path, { role_id: VIEWER, workspace_ids: [workspace], workspace_role_id: role }),
      ORG_MEMBERS,
    ),
  },
  'resend organization invitation': {
    ...OF_ORG,
    predict: renewed,
    run: onPending(
      'resend organization invitation',
      ({ api }, path) => api.post(`${path}/resend`),
      ORG_MEMBERS,
    ),
  },
  'change organization role': {
    ...OF_ORG,
    compares: 'never', // an administrator stays one, and others do not become one
    run: (turn) => {
      const { membershipId, email } = turn.world.person(turn.choice.person);
      const role = [USER, VIEWER, systemRoleId('ORGANIZATION_OPERATOR')][turn.choice.other % 3];
      return sends(
        `change the organization role of ${personName(email)}`,
        turn.api.patch(`${ORG_MEMBERS}/${membershipId}`, { role_id: role }),
      );
    },
  },
};

function addressOfMember({ world, choice }: Turn): string {
  return world.person(choice.person).email;
}
