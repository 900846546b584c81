/** Loaded into a measured process (`--expose-gc --import`): collects all garbage on `SIGUSR2`, so that what is left is held. */
process.on('SIGUSR2', () => globalThis.gc?.());
