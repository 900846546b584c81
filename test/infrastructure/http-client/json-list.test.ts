/** A list is read item by item, wherever its chunks end, and one that was cut off is none. */

import { expect, it } from 'vitest';
import { type ReadList, readJsonList } from '#infrastructure/http-client/json-list';
import { fc } from '../../fast-check.ts';

const limits = { maxBytes: 1_000_000, maxItemBytes: 10_000 };

function chunked(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  return ReadableStream.from(chunks) as ReadableStream<Uint8Array>;
}

async function read(
  text: string | Uint8Array,
  size = 7,
  within = limits,
): Promise<{ readonly read: ReadList; readonly items: readonly unknown[] }> {
  const items: unknown[] = [];
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const take = (item: string): boolean => {
    try {
      items.push(JSON.parse(item));
      return true;
    } catch {
      return false;
    }
  };
  return { read: await readJsonList(chunked(bytes, size), within, take), items };
}

it('gives the items of any list, in whatever chunks it comes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('', ' ', 2),
      async (list, size, space) => {
        const text = JSON.stringify(list, null, space);
        expect(await read(`\n ${text} \n`, size)).toEqual({
          read: { kind: 'list' },
          items: JSON.parse(text),
        });
      },
    ),
  );
});

it('never takes a list that was cut off for one that ended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), async (list, at) => {
      const bytes = Buffer.from(JSON.stringify(list));
      const { read: outcome } = await read(bytes.subarray(0, at % bytes.length));
      expect(['cut-off', 'malformed', 'other']).toContain(outcome.kind);
      if (outcome.kind === 'other') expect(outcome.text).toBe('');
    }),
  );
});

it.each(['{"detail":"non"}', 'null', '', '<html>[1]</html>', '"[1]"'])(
  'gives %j, which is no list, as text',
  async (text) => {
    expect((await read(text)).read).toEqual({ kind: 'other', text });
  },
);

it.each(['[1 2]', '[,1]', '[1,]', '[1,,2]', '[1]]', '[1] 2', '[{"a":1]', '[{]}]'])(
  'believes nothing of %j',
  async (text) => {
    expect(['malformed', 'cut-off']).toContain((await read(text)).read.kind);
  },
);

it('reads no further than it is told, of the whole and of one item', async () => {
  const item = 'x'.repeat(600);
  const list = JSON.stringify(Array.from({ length: 100 }, () => item));
  expect((await read(list, 100, { maxBytes: 20_000, maxItemBytes: 1_000 })).read.kind).toBe('too-long');
  expect((await read(list, 100, { maxBytes: 200_000, maxItemBytes: 500 })).read.kind).toBe('too-long');
  expect(
    (
      await read(`{"a":"${list.length}${'x'.repeat(5_000)}"}`, 100, {
        maxBytes: 200_000,
        maxItemBytes: 1_000,
      })
    ).read.kind,
  ).toBe('too-long');
});
