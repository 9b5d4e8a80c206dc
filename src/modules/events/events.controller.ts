import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { ClientLeft } from '../../common/http/request-metadata.decorator.js';
import {
  Audited,
  ErrorsAs,
  Refuses,
  UnprocessableWith,
} from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import {
  EVENT_TYPES,
  EventPage,
  EventsQuery,
  EventsRemovedResponse,
  EventTypes,
} from '../../contract/audit-log/events.js';
import { fromEventCursor, toEventCursor } from './event-cursor.js';
import { toEvent } from './from-entries/event.mapper.js';
import { ONLY_BY_NAME } from './from-entries/happening-builders.mapper.js';
import { type EventQuery, ListEvents } from './list-events.js';

/** Not in the published API. */
@ApiTags('audit-logs')
@Controller('api/v1/orgs/current/events')
export class EventsController {
  constructor(private readonly events: ListEvents) {}

  @Get()
  @OrgQuery('organization:manage', EventPage)
  @Audited('get_audit_logs')
  @ErrorsAs(EventsRemovedResponse, 410)
  @UnprocessableWith({
    after: { type: 'string', description: 'Of `cursor_gone`: the cursor to go on with.' },
  })
  @Refuses('invalid_cursor', 'cursor_gone', 'events_removed', 'too_many_waiting_requests', 'rights_changed')
  async listEvents(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: EventsQuery,
    @ClientLeft() clientLeft: AbortSignal,
  ): Promise<EventPage> {
    const { events, next } = await this.events.listOrWait(
      principal,
      {
        after: toStart(query.after),
        types: new Set(query.types ?? UNNAMED),
        limit: query.limit,
      },
      { seconds: query.wait, clientLeft },
    );
    return { items: events.map(toEvent), next_cursor: toEventCursor(next) };
  }

  @Get('types')
  @OrgQuery('organization:manage', EventTypes)
  listEventTypes(): EventTypes {
    return { types: [...EVENT_TYPES] };
  }
}

function toStart(after: string | undefined): EventQuery['after'] {
  if (after === undefined) return null;
  return after === 'now' || after === 'recent' ? after : fromEventCursor(after);
}

const UNNAMED = EVENT_TYPES.filter((type) => !ONLY_BY_NAME.has(type));
