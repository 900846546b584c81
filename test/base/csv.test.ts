import { expect, it } from 'vitest';
import { parseCsv } from '#base/csv';
import { decodeText } from '#base/decode-text';

const cells = (text: string) => parseCsv(text).map((row) => row.cells);

it('reads quoted cells with separators, quotes and lines in them, by whichever separator there is', () => {
  expect(cells('a;b\r\n"1;2";"x\r\n""y"""\r\n')).toEqual([
    ['a', 'b'],
    ['1;2', 'x\r\n"y"'],
  ]);
  expect(cells('a\tb\n1\t')).toEqual([
    ['a', 'b'],
    ['1', ''],
  ]);
  expect(cells('\ufeffsep=;\r\na;b,c\r\n')).toEqual([['a', 'b,c']]);
  expect(cells('sep=,\na,b;c')).toEqual([['a', 'b;c']]);
});

it('says which row cannot be read, for a quote that nobody closed or that closes too soon', () => {
  const wholeOf = (text: string) => parseCsv(text).map(({ whole }) => whole);
  expect(wholeOf('a;b\n"1;2\n3;4\n5;6')).toEqual([true, false]);
  expect(wholeOf('a;b\n"1"x;2\n3;4')).toEqual([true, false, true]);
  expect(wholeOf('a;b\n"1" ;2')).toEqual([true, false]);
  expect(wholeOf('a;b\n1 "x";2')).toEqual([true, true]);
});

it('decodes what an office writes', () => {
  const text = 'Réseau ; œuvre ’ €';
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  expect(decodeText(Buffer.from(text))).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`))).toBe(text);
  expect(decodeText(utf16)).toBe(text);
  expect(decodeText(utf16.swap16())).toBe(text);
  expect(decodeText(Buffer.from('R\xe9seau ; \x9cuvre \x92 \x80', 'latin1'))).toBe(text);
});
