import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readForm } from '../../server/text/form.ts';
import { anyText, holds } from '../support/property.ts';

const read = (body: string | Uint8Array) => {
  const fields = readForm(typeof body === 'string' ? Buffer.from(body, 'latin1') : body);
  assert.notEqual(fields, 'too-many');
  return fields as Exclude<typeof fields, 'too-many'>;
};

describe('C10 a form', () => {
  it('gives back every byte that was escaped, in capitals or not', () => {
    holds(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.boolean()), ([bytes, upper]) => {
      const hex = Buffer.from(bytes).toString('hex');
      const escaped = (upper ? hex.toUpperCase() : hex).replace(/../g, pair => `%${pair}`);
      assert.deepEqual(Buffer.from(read(`title=${escaped}`).get('title') ?? []), Buffer.from(bytes));
    });
  });

  it('reads what browsers send as they mean it', () => {
    const value = anyText('&=+% ;#é記😀\r\n\0').map(text => text.toWellFormed());
    const names = fc.stringMatching(/^[a-z_]{1,10}$/);
    holds(fc.uniqueArray(fc.tuple(names, value), { maxLength: 20, selector: ([name]) => name }), pairs => {
      const fields = read(`${new URLSearchParams(pairs)}`);
      assert.deepEqual(
        [...fields].map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]),
        pairs,
      );
    });
  });

  it('takes any bytes, as URLSearchParams does where it keeps to UTF-8', () => {
    const bodies = fc
      .array(
        fc.constantFrom(
          'a',
          'url',
          '=',
          '&',
          '+',
          '%',
          '%4',
          '%41',
          '%zz',
          '%u30C6',
          '%%41',
          '%e3%81%82',
          ';',
        ),
        {
          maxLength: 30,
        },
      )
      .map(pieces => pieces.join(''))
      .filter(body => body.split('&').filter(Boolean).length <= 20);
    holds(bodies, body => {
      const fields = read(body);
      const expected = new Map<string, string>();
      for (const [name, value] of new URLSearchParams(body))
        if (!expected.has(name)) expected.set(name, value);
      assert.deepEqual(
        [...fields].map(([name, bytes]) => [
          Buffer.from(name, 'latin1').toString('utf8'),
          Buffer.from(bytes).toString('utf8'),
        ]),
        [...expected],
      );
    });
  });

  it('never grows, and never has more than 20 fields', () => {
    holds(fc.uint8Array({ maxLength: 400 }), body => {
      const fields = readForm(body);
      if (fields === 'too-many') return;
      assert.ok(fields.size <= 20);
      const size = [...fields].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
      assert.ok(size <= body.length);
    });
  });
});
