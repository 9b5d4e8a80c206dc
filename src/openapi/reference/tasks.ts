import { audit } from './audit.js';
import { instance } from './instance.js';
import { invitations } from './invitations.js';
import { keys } from './keys.js';
import { members } from './members.js';
import { organizations } from './organizations.js';
import { provisioning } from './provisioning.js';
import { roles } from './roles.js';
import { signIn } from './sign-in.js';
import { tags } from './tags.js';
import type { OperationText, Task } from './task.js';
import { userGroups } from './user-groups.js';
import { workspaces } from './workspaces.js';

/** In the order in which an installation needs them. */
export const TASKS: readonly Task[] = [
  signIn,
  invitations,
  members,
  workspaces,
  roles,
  userGroups,
  tags,
  keys,
  organizations,
  provisioning,
  audit,
  instance,
];

/** The task of operations without a text. */
const OTHER_OPERATIONS: Task = { title: 'Everything else', intro: '', operations: {} };

type OrderedOperation = OperationText & { task: Task; rank: number };

/** By method and path, as in `GET /api/v1/workspaces`. */
const OPERATIONS: ReadonlyMap<string, OrderedOperation> = new Map(
  TASKS.flatMap((task) =>
    Object.entries(task.operations).map(([name, text], rank) => [name, { ...text, task, rank }] as const),
  ),
);

/** The text of an operation; without one, the handler name in words is the title. */
export const textOf = (name: string, handler: string): OrderedOperation =>
  OPERATIONS.get(name) ?? { title: toWords(handler) || name, task: OTHER_OPERATIONS, rank: 0 };

const toWords = (handler: string) => {
  const words = handler.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
