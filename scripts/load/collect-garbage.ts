/**
 * Loaded into a measured process (`--import`): collects all garbage on `SIGUSR2`, so that what is left is held. Nothing is
 * moved together or given back for that. Not by `--expose-gc`: what was compiled under other flags is compiled anew.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

process.on('SIGUSR2', () => {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
});
