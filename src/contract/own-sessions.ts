import { Flag, Instant, Text, Uuid } from '../common/http/fields.decorator.js';

/** Not in the published API: a session of the caller. */
export class OwnSession {
  @Uuid() id: string;
  /** `password`, `sso` or `break-glass`. */
  @Text() method: string;
  @Instant() created_at: string;
  @Instant() expires_at: string;
  @Instant({ nullable: true }) last_used_at: string | null;
  @Text({ nullable: true }) browser: string | null;
  @Text({ nullable: true }) platform: string | null;
  @Text({ nullable: true }) user_agent: string | null;
  @Text({ nullable: true }) client_host: string | null;
  @Flag() is_current: boolean;
}
