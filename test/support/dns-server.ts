import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** What a name server says: addresses (none is an empty answer), a refusal, or nothing at all. */
export type DnsAnswer = string[] | 'nxdomain' | 'servfail' | 'silence';

const RCODES = { nxdomain: 3, servfail: 2 } as const;
const A = 1;
const AAAA = 28;

/** What a name server says about the records of a name, by type. */
export type Zone = (name: string, type: 'A' | 'AAAA') => DnsAnswer;

/** A name server on loopback. `asked` lists the questions that came, as `name type`. */
export async function startDnsServer(zone: Zone, port = 0) {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    const answer = type === A || type === AAAA ? zone(name, type === A ? 'A' : 'AAAA') : [];
    asked.push(`${name} ${type === A ? 'A' : type === AAAA ? 'AAAA' : type}`);
    if (answer !== 'silence') socket.send(reply(query, end, type, answer), from.port, from.address);
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    /** As `Resolver.setServers` takes it. */
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => socket.close(),
  };
}

function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] as number; length > 0; length = query[at] as number) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** Header and question as asked, then one record for each address (RFC 1035, section 4.1). */
function reply(query: Buffer, end: number, type: number, answer: Exclude<DnsAnswer, 'silence'>): Buffer {
  const addresses = typeof answer === 'string' ? [] : answer;
  const header = Buffer.from(query.subarray(0, end));
  header.writeUInt16BE(0x8180 | (typeof answer === 'string' ? RCODES[answer] : 0), 2);
  header.writeUInt16BE(addresses.length, 6);
  // Neither authority nor the additional record that the question may have brought.
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, ...addresses.map(address => record(type, addressBytes(address)))]);
}

function record(type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(type, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const gap = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const all = [...groups(head), ...gap, ...groups(tail)];
  return Buffer.from(all.map(group => group.padStart(4, '0')).join(''), 'hex');
}
