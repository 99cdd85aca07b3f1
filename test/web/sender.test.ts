import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { networkOf, senderOf } from '../../server/web/sender.ts';

const socket = (remoteAddress: string | undefined) => ({ remoteAddress }) as Socket;
const sender = (ip: string | undefined, remote?: string) => senderOf({ ip, socket: socket(remote) });
const network = (address: string) => networkOf(sender(address));

describe('a sender', () => {
  it('R11: is the same IPv4 address however it is written, and no other one', () => {
    assert.equal(network('::ffff:1.2.3.4'), network('1.2.3.4'));
    assert.equal(network('::FFFF:102:304'), network('1.2.3.4'));
    assert.notEqual(network('::ffff:1.2.3.5'), network('::ffff:1.2.3.4'));
    assert.notEqual(network('1.2.3.5'), network('1.2.3.4'));
  });

  it('R02: is all of an IPv6 /64, and nothing beside it', () => {
    const one = network('2001:db8:1:2::1');
    assert.equal(network('2001:0DB8:1:2:ffff:ffff:ffff:ffff'), one);
    assert.notEqual(network('2001:db8:1:3::1'), one);
    assert.equal(one, '2001:db8:1:2/64');
  });

  it('is the other end of the connection when a proxy named no address', () => {
    assert.equal(sender('unknown', '::ffff:10.0.0.1'), '10.0.0.1');
    assert.equal(sender('1.2.3.4:5678', '10.0.0.1'), '10.0.0.1');
    assert.equal(sender(undefined, undefined), null);
    assert.equal(networkOf(null), 'unknown');
  });
});
