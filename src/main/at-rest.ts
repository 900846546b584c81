/**
 * Gives memory back once there is nothing to do. V8 keeps the room of what a start or a rush has dropped until other
 * objects want it, and sees no reason to collect while none are made: 15 to 35 MB after a start alone.
 */
import { getHeapStatistics } from 'node:v8';

/** Milliseconds over which it is seen whether there is something to do: after the start, and later. */
const windows = { first: 1_000, later: 30_000 };
/** The part of its time for which a process at rest has something to do, at most. */
const rest = 0.1;
/** Bytes by which the heap has to have grown: what calm work needs is not worth a collection, which takes some 80 ms. */
const growth = 24 * 1024 * 1024;

/** From the end of the start on, for the whole process, which it does not keep alive. */
export function giveBackAtRest(): void {
  let left: number | undefined;
  let before = performance.eventLoopUtilization();
  const look = async (): Promise<void> => {
    const calm = performance.eventLoopUtilization(before).utilization < rest;
    if (calm && (left === undefined || heapSize() > left + growth)) {
      await collectGarbage();
      left = heapSize();
    }
    wait(left === undefined ? windows.first : windows.later);
  };
  const wait = (window: number): void => {
    before = performance.eventLoopUtilization();
    setTimeout(() => void look(), window).unref();
  };
  wait(windows.first);
}

function heapSize(): number {
  return getHeapStatistics().total_heap_size;
}

/**
 * Collects all garbage, and moves what is left together, so that whole pages become free.
 * https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#method-collectGarbage
 */
async function collectGarbage(): Promise<void> {
  try {
    const { Session } = await import('node:inspector/promises');
    const session = new Session();
    session.connect();
    await session.post('HeapProfiler.collectGarbage');
    session.disconnect();
  } catch {
    // Some build Node without its inspector, or forbid it (`--permission`): it keeps what it has.
  }
}
