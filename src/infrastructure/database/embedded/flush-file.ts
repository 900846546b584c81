import fs from 'node:fs';

/** Waits until a file, or the names in a folder, are on the disk. */
export function flushFile(path: string): void {
  const descriptor = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
