import { randomUUID } from 'node:crypto';
import { type Contender, repeated } from '../alternating-runs.ts';
import type { BenchContext } from '../installations.ts';
import { expecting, type JsonClient, jsonClient } from '../json-client.ts';
import { type Finding, median, milliseconds, plainFinding } from '../report.ts';
import { addMembers, created, inParallel, scimClient, scimUser, userByName } from '../scim-client.ts';
import { compare } from './compare.ts';
import { insertGroup } from './large-group.ts';

const AT_ONCE = 8;
const ADDED = 100; // members in one request, as Entra adds them
const ROUNDS = 7;
const TARGET_MS = 8;
const LARGE = 50_000; // members of a group

/** SCIM requests of a directory: creating users, looking them up, adding members to groups. */
export async function provisioning(context: BenchContext): Promise<Finding[]> {
  const ours = await scimClient(context.small);
  const peer = await context.betterAuth();
  const peerClient =
    peer &&
    jsonClient(`${peer.server.url}/api/auth/scim/v2`, {
      authorization: `Bearer ${peer.token}`,
      'content-type': 'application/scim+json',
    });
  return [
    ...(await creation(ours, peerClient)),
    ...(await lookup(context, ours, peerClient)),
    ...(await groups(context, ours, peerClient)),
  ];
}

const creation = (ours: JsonClient, peerClient: JsonClient | null) =>
  compare({
    what: `POST /scim/v2/Users, ${AT_ONCE} at a time`,
    ours: creating(ours),
    peers: { 'Better Auth': peerClient && creating(peerClient) },
    perSecond: 1_500,
  });

const creating = (client: JsonClient): Contender =>
  repeated(AT_ONCE, async () => {
    await created(client, '/Users', scimUser(randomUUID()));
    return 1;
  });

async function lookup(
  { floor }: BenchContext,
  ours: JsonClient,
  peerClient: JsonClient | null,
): Promise<Finding[]> {
  const { server, token } = await floor();
  const bare = jsonClient(server.url, { authorization: `Bearer ${token}` });
  return compare({
    what: `GET /scim/v2/Users?filter=userName eq "…", ${AT_ONCE} at a time`,
    ours: await lookingUp(ours),
    peers: {
      floor: finding(bare, '/users?userName=person-500-of-the-organization@example.com'),
      'Better Auth': peerClient && (await lookingUp(peerClient)),
    },
    times: { floor: 0.6 },
  });
}

async function lookingUp(client: JsonClient): Promise<Contender> {
  const user = scimUser(randomUUID());
  await created(client, '/Users', user);
  return finding(client, userByName(user.userName));
}

const finding = (client: JsonClient, path: string): Contender =>
  repeated(AT_ONCE, async () => {
    const { totalResults } = await expecting(200, client('GET', path));
    if (totalResults !== 1) throw new Error(`${path} found ${totalResults}`);
    return 1;
  });

/** One request at a time; each adds other members. */
async function groups(
  { small: installation }: BenchContext,
  ours: JsonClient,
  peerClient: JsonClient | null,
): Promise<Finding[]> {
  const members = await newUsers(ours, ROUNDS * ADDED);
  const small = await addingToNewGroup(ours, members);
  const large = await adding(ours, await insertGroup(installation, LARGE), members);
  const line = (what: string, ms: number): Finding =>
    plainFinding(`PATCH /scim/v2/Groups, ${ADDED} members added to ${what}`, milliseconds(ms), {
      target: `<= ${TARGET_MS} ms`,
      met: ms <= TARGET_MS,
    });
  const peer = peerClient && (await addingToNewGroup(peerClient, await newUsers(peerClient, ROUNDS * ADDED)));
  return [
    {
      ...line('an empty group', small),
      ...(peer !== null && { beside: `${milliseconds(peer)} (Better Auth)`, ratio: small / peer }),
    },
    line(`a group of ${LARGE}`, large),
  ];
}

async function newUsers(client: JsonClient, count: number): Promise<string[]> {
  const ids: string[] = [];
  await inParallel(count, AT_ONCE, async (n) => {
    ids[n] = await created(client, '/Users', scimUser(randomUUID()));
  });
  return ids;
}

const newGroup = (client: JsonClient): Promise<string> =>
  created(client, '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: `Team ${randomUUID()}`,
  });

/** As `adding`, to a second group: the requests for the first one warm the server up. */
async function addingToNewGroup(client: JsonClient, users: readonly string[]): Promise<number> {
  await adding(client, await newGroup(client), users);
  return adding(client, await newGroup(client), users);
}

/** The median time in milliseconds. */
async function adding(client: JsonClient, group: string, users: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < users.length; at += ADDED)
    times.push(await addMembers(client, group, users.slice(at, at + ADDED)));
  return median(times.slice(1));
}
