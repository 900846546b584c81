/** Words kept inside a PNG, in a `tEXt` chunk (PNG specification §11.3.3). */
import { crc32 } from 'node:zlib';

const signature = 8;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** The same picture with a word kept in it. Keyword and text in Latin-1. */
export function withTextChunk(png: Buffer, keyword: string, text: string): Buffer {
  const header = signature + 12 + png.readUInt32BE(signature);
  const data = Buffer.from(`${keyword}\0${text}`, 'latin1');
  return Buffer.concat([png.subarray(0, header), chunk('tEXt', data), png.subarray(header)]);
}

/** The word that is kept under a keyword; undefined when there is none. */
export function readTextChunk(png: Buffer, keyword: string): string | undefined {
  for (let at = signature; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) !== 'tEXt') continue;
    const [key, text] = png.toString('latin1', at + 8, at + 8 + png.readUInt32BE(at)).split('\0');
    if (key === keyword) return text;
  }
  return undefined;
}
