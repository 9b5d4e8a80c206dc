import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';

const A = 1; // the other type that is asked for is AAAA

/**
 * A DNS server. A name has one list of addresses, or several successive ones: after each question for its IPv4 addresses
 * the next one counts. Questions for a name without any are never answered.
 */
export async function startDnsServer() {
  const answers = new Map<string, string[][]>();
  const asked: string[] = [];
  const socket = createSocket('udp4').on('message', (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    const successive = answers.get(name) ?? [[]];
    if (!successive[0]) return;
    const records = successive[0].filter((each) => (type === A) === isIPv4(each));
    if (type === A) {
      asked.push(name);
      if (successive.length > 1) successive.shift();
    }
    const reply = replyTo(
      query.subarray(0, end),
      records.map((each) => recordOf(each, type)),
    );
    socket.send(reply, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const server = `127.0.0.1:${socket.address().port}`;

  return {
    asked,
    know: (name: string, ...successive: string[][]) => void answers.set(name, successive),
    createResolver: () => {
      const resolver = new Resolver({ timeout: 10_000, tries: 1 });
      resolver.setServers([server]);
      return resolver;
    },
    stop: () => new Promise<void>((resolve) => socket.close(resolve)),
  };
}

/** RFC 1035, section 4.1.2. */
function questionOf(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  while (query[at]! > 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
    at += 1 + query[at]!;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function replyTo(query: Buffer, records: readonly Buffer[]): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x81_80, 2); // a response without an error
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(12), ...records]);
}

/** With a pointer to the name in the question and no time to live. */
function recordOf(address: string, type: number): Buffer {
  const data = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const start = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.byteLength]);
  return Buffer.concat([start, data]);
}

function ipv6Bytes(address: string): Buffer {
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0'));
  return Buffer.from(groups.join(''), 'hex');
}
