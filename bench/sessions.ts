import type pg from 'pg';
import { built } from './built.ts';
import { JWT_SECRET } from './processes.ts';

const INSERT = `
  insert into sessions (id, user_id, expires_at) values (uuidv7(), $1, now() + interval '1 hour')
  returning id, user_id as "userId", created_at as "createdAt", expires_at as "expiresAt"`;

type Session = { id: string; userId: string; createdAt: Date; expiresAt: Date };

/** The token of a new session. */
export async function newSession(client: pg.Client, userId: string): Promise<string> {
  const { SessionToken } = await built<typeof import('../src/modules/sessions/session-token.js')>(
    'modules/sessions/session-token',
  );
  const { rows } = await client.query<Session>(INSERT, [userId]);
  const config = { basicAuth: { jwtSecret: JWT_SECRET } } as ConstructorParameters<typeof SessionToken>[0];
  return new SessionToken(config).sign(rows[0]!);
}
