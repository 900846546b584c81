/** Work that goes on after it was taken over: thrown so that nothing of it is done any more. Not a failure of the work. */
export class LeaseLost extends Error {
  constructor() {
    super('this work was taken over by another process');
    this.name = 'LeaseLost';
  }
}
