import { Integer, Text } from '../common/http/fields.decorator.js';

/**
 * The query of lists with cursors (docs/contract/http.md#lists-with-cursors), which `CursorList` reads. Their responses
 * have `items` and `next_cursor`.
 */
export class CursorListQuery {
  @Integer({ default: 20, minimum: 1, maximum: 100 }) page_size: number;
  @Text({ optional: true, description: 'The next_cursor of the page before.' }) cursor?: string;
}
