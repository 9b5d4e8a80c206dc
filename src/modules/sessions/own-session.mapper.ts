import type { OwnSession } from '../../contract/own-sessions.js';
import { deviceOf } from './device.js';
import type { OwnSessionRow } from './own-sessions.repository.js';

export const toOwnSession = (session: OwnSessionRow, currentId: string): OwnSession => ({
  id: session.id,
  method: session.method,
  created_at: session.createdAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
  last_used_at: session.lastUsedAt?.toISOString() ?? null,
  ...deviceOf(session.userAgent),
  user_agent: session.userAgent,
  client_host: session.clientHost,
  is_current: session.id === currentId,
});
