const below = (parent: string, children: string) =>
  children
    .trim()
    .split(/\s+/)
    .map((child) => `${parent}/${child}`);

/**
 * Paths of the LangSmith API that this server does not serve: all that share their beginning with one of its own, and one
 * of each other family. `{}` is a parameter.
 */
export const LANGSMITH_PATHS = [
  ...below(
    '/v1/platform',
    `alerts/{} alerts/{}/test alerts/{}/{} annotation-queues/{}/items annotation-queues/{}/items/{}/placement
     annotation-queues/{}/reviewers annotation-queues/{}/reviewers/{} annotation-queues/items/{}/status
     datasets/{}/examples datasets/{}/examples/{} datasets/{}/examples/metadata datasets/examples/delete
     evaluators evaluators/{} evaluators/spend features features/{}/default-model features/{}/disabled-models
     features/{}/disabled-models/{} fleet/mcp-servers fleet/mcp-servers/{} fleet/mcp-servers/{}/oauth-provider
     fleet/providers/github-app/auth fleet/providers/github-app/connection fleet/providers/github-app/install
     fleet/providers/github-app/installations fleet/providers/github-app/installations/{}
     fleet/providers/github-app/installations/{}/repos fleet/providers/github-app/installations/refresh
     fleet/providers/github-app/tokens fleet/providers/github-app/webhooks fleet/usage/agents fleet/usage/models
     fleet/usage/tools fleet/usage/users fleet-webhooks/{}/run hub/repos/{}/{}/directories
     hub/repos/{}/{}/directories/commits issues issues/{} mcp-vendors mcp-vendors/{} mcp-vendors/{}/account
     mcp-vendors/{}/mcp-servers mcp-vendors/{}/settings mcp-vendors/{}/tools nps/response oauth/authorized-apps
     oauth/authorized-apps/{} oauth/clients oauth/clients/{} oauth/clients/{}/rotate-secret ops/backfills/restart
     orgs/current/data-planes product-feedbacks product-feedbacks/{} sessions/{}/agent-versions tools tools/{} tools/id/{}`,
  ),
  ...below(
    '/api/v1/orgs',
    `ttl-settings current/billing current/billing/granular-usage current/billing/granular-usage/export
     current/billing/usage current/business-info current/dashboard current/payment-method current/plan current/setup
     current/stripe_account_links current/stripe_checkout_session`,
  ),
  ...below('/api/v1/workspaces/current', 'secrets secrets/encrypted shared stats ttl-settings usage_limits'),
  ...below('/api/v1/me', 'providers/{}'),
  ...below(
    '/oauth',
    'authorize authorize/app authorize/approve client/{} device/authorize device/code register revoke token',
  ),
  ...below(
    '/api/v1',
    `ace/execute annotation-queues annotation-queues/{}/runs bulk-exports charts/section comments/{}/{} commits/{}/{}
     datasets datasets/{} datasets/{}/runs examples examples/{} feedback feedback-configs hub/environments likes/{}/{}
     mcp/tools model-price-map org-charts org-charts/section playground-settings prompt-webhooks prompts/canvas
     public/{}/run repos repos/{}/{} runs runs/{} runs/batch runs/multipart runs/query sessions sessions/{} ttl-settings
     usage-limits usage-limits/org`,
  ),
  ...below('/v1', 'agent-builder/integrations beacon/usage-snapshot fleet/agents fleet/threads/{}'),
  ...below('/v2', 'runs/query sandboxes/boxes threads/query'),
  ...below('/api/v2', 'runs/query datasets'),
  // The pages of LangSmith, and what both servers have and an installation keeps at LangSmith.
  '/',
  '/settings',
  '/workspaces',
  '/auth',
  '/login',
  '/docs',
  '/openapi.json',
  '/health',
  '/ok',
  '/api/v1',
  '/api/v1/ok',
  '/api/v1/health',
  '/.well-known/oauth-authorization-server',
  '/aws-marketplace/register',
];
