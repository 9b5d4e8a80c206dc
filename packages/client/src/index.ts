export { createTenantry, type TenantryOptions } from './client.js';
export {
  ApiError,
  ConcurrentChange,
  Conflict,
  dataOf,
  Forbidden,
  InvalidRequest,
  NotAuthenticated,
  NotFound,
  PermissionMissing,
  RateLimited,
  type RequestProblem,
  toApiError,
  Unavailable,
} from './errors.js';
export { collect, everyItem, everyRow, type ListPath, pageOf, streamRows } from './lists.js';
export type { Api, ErrorCode, FetchResult, paths, Schemas } from './schema.js';
export { type ReceivedWebhook, verifyWebhook, type WebhookEvent, WebhookNotAuthentic } from './webhooks.js';
