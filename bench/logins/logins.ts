import type { BenchContext } from '../installations.ts';
import type { Finding } from '../report.ts';
import { firstLogins } from './first-logins.ts';
import { readsWhileHashing } from './reads-while-hashing.ts';

/** First logins with single sign-on, and reads while passwords are hashed. */
export const logins = async (context: BenchContext): Promise<Finding[]> => [
  ...(await firstLogins(context)),
  ...(await readsWhileHashing(context)),
];
