/** `npm run generate`: writes every file that is made from the sources. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

for (const [path, content] of Object.entries(generatedFiles)) {
  const whole = join(import.meta.dirname, '..', path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content());
  process.stdout.write(`${path}\n`);
}
