/**
 * `npm run move:organization -- [--dry-run]`: copies custom roles, workspaces and people of an organization to another server
 * by the published API (docs/migrate-from-langsmith.md). May be repeated: it adds what is missing, and changes and removes
 * nothing.
 */
import { parseArgs } from 'node:util';
import { Api, Refused } from './api.ts';
import { carryOut } from './carry-out.ts';
import { readOrganization } from './organization.ts';
import { type Plan, planMove } from './plan.ts';

const USAGE = `Usage: npm run move:organization -- [--dry-run]
  SOURCE_URL, SOURCE_API_KEY   the address of the server to copy from, and a personal access token of an organization admin
  TARGET_URL, TARGET_API_KEY   the same for the server to copy to
  SOURCE_ORGANIZATION_ID, TARGET_ORGANIZATION_ID   for keys of people in several organizations`;

const WIDTH = 12;
const print = (what: string, name: string) => console.log(`${what.padEnd(WIDTH)}${name}`);

function apiOf(side: 'SOURCE' | 'TARGET'): Api {
  const [url, key] = [process.env[`${side}_URL`], process.env[`${side}_API_KEY`]];
  if (!url || !key) throw new Refused(`${side}_URL and ${side}_API_KEY are required.\n${USAGE}`);
  return new Api({ url, key, organizationId: process.env[`${side}_ORGANIZATION_ID`] });
}

function printPlan({ roles, workspaces, invitations, placements }: Plan): void {
  for (const { displayName } of roles) print('role', displayName);
  for (const name of workspaces) print('workspace', name);
  for (const { email } of invitations) print('invitation', email);
  for (const { person, workspace } of placements) print('membership', `${person.email} in ${workspace}`);
}

function summary({ roles, workspaces, invitations, placements }: Plan): string {
  return (
    `${roles.length} roles, ${workspaces.length} workspaces, ${invitations.length} invitations, ` +
    `${placements.length} workspace memberships`
  );
}

async function move(isDryRun: boolean): Promise<void> {
  const [sourceApi, targetApi] = [apiOf('SOURCE'), apiOf('TARGET')];
  const [source, target] = [await readOrganization(sourceApi), await readOrganization(targetApi)];
  console.log(`From "${source.name}" to "${target.name}":`);
  const plan = isDryRun ? planMove(source, target) : await carryOut(targetApi, source, target, print);
  if (isDryRun) printPlan(plan);
  for (const { subject, remark } of plan.remarks) print('note', `${subject}: ${remark}`);
  console.log(`${isDryRun ? 'Missing' : 'Added'}: ${summary(plan)}`);
}

try {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  await move(values['dry-run']);
} catch (error) {
  const isUsage = String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? USAGE : `Stopped: ${(error as Error).message}`);
  process.exitCode = 1;
}
