/** Shows that a long run is alive, on a terminal only, on a line that is wiped afterwards. */

import { messages, t } from './messages.ts';
import type { Terminal } from './terminal.ts';

export interface Progress {
  step(done: number, all: number): void;
  /** Wipes the line. */
  end(): void;
}

/** Milliseconds before anything is shown, and between two updates. */
const updateDelay = 400;

export function progressOn(terminal: Terminal): Progress {
  if (!terminal.interactive) return { step: () => {}, end: () => {} };
  let next = performance.now() + updateDelay;
  let shown = false;
  return {
    step(done, all) {
      const now = performance.now();
      if (now < next) return;
      next = now + updateDelay / 4;
      shown = true;
      terminal.progress(t(messages.reading, terminal.language, { count: done, all }));
    },
    end() {
      if (shown) terminal.progress('');
    },
  };
}
