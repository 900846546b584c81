import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const running = new Set<ReturnType<typeof spawn>>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs in a process of its own; it ends when it says so, or never. */
async function played(script: string, ...options: readonly string[]): Promise<string> {
  const begin = `
    import { getHeapStatistics } from 'node:v8';
    import { giveBackAtRest } from '#main/at-rest';
    const heap = () => getHeapStatistics().total_heap_size / 2 ** 20;
    // Sixty megabytes that live long enough to be moved among the old ones, and are dropped.
    let held = Array.from({ length: 400_000 }, (_, index) => ({ index, text: [index, index] }));
    const full = heap();
    held = [];`;
  const child = spawn(process.execPath, [...options, '--input-type=module', '--eval', begin + script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const said = await text(child.stdout);
  running.delete(child);
  return said;
}

it('gives back what was dropped once there is nothing to do, and keeps no process alive', async () => {
  const said = await played(`
    giveBackAtRest();
    // It ends once the room is given back: of itself nothing is collected while nothing is made.
    const clock = setInterval(() => {
      if (heap() > full / 3) return;
      clearInterval(clock);
      console.log('given back');
    }, 20);`);
  expect(said).toBe('given back\n');
});

it('waits while there is something to do', async () => {
  const said = await played(`
    giveBackAtRest();
    const end = performance.now() + 2_500;
    // Most of the time, in small pieces, none of which makes anything.
    const work = () => {
      const pause = performance.now() + 10;
      while (performance.now() < pause);
      if (performance.now() < end) setTimeout(work, 5);
      else console.log(heap() > full / 3 ? 'kept' : 'given back');
    };
    work();`);
  expect(said).toBe('kept\n');
});

it('keeps what it has, and goes on, where Node may not look at its memory', async () => {
  const script = `
    giveBackAtRest();
    setTimeout(() => console.log('alive'), 2_500);`;
  expect(await played(script, '--permission', '--allow-fs-read=*')).toBe('alive\n');
});
