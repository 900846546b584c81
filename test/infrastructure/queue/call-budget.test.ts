import { expect, it } from 'vitest';
import { CallBudget } from '#infrastructure/queue/call-budget';
import type { Job } from '#infrastructure/queue/job-kinds';

const now = 1_000_000;
const hour = { installation: 1, limit: 100, reset: now / 1000 + 1800 };
const base = { id: 1, request: 'd', since: new Date(), attempt: 1 };
const review: Job = {
  ...base,
  kind: 'review',
  payload: { installation: 1, repo: 'r', number: 1 },
  sender: '7',
};

/** As if so many calls had been answered, within the work of someone. */
async function spend(budget: CallBudget, sender: string | undefined, calls: number, left: number, of = hour) {
  await budget.during(sender === undefined ? {} : { sender }, async () => {
    for (let n = calls - 1; n >= 0; n--) budget.spent({ ...of, remaining: left + n });
  });
}

it('lets whoever spends the calls of the hour have half of them, and leaves the other half to all', async () => {
  const budget = new CallBudget();
  await spend(budget, '7', 50, 50);
  expect(budget.wait(review, 1, now)).toBeUndefined();
  await spend(budget, '7', 1, 49);
  expect(budget.wait(review, 1, now)).toBe(1800);
  expect(budget.wait({ ...review, sender: '8' }, 1, now)).toBeUndefined();
  const { sender: _, ...nobodys } = review;
  expect(budget.wait(nobodys, 1, now)).toBeUndefined();
  expect(budget.wait(review, 2, now)).toBeUndefined();
});

it('lets people act by commands for longer than they are reviewed', async () => {
  const budget = new CallBudget();
  const command = { ...review, kind: 'command' } as Job;
  await spend(budget, undefined, 40, 60);
  await spend(budget, '7', 49, 11);
  expect([budget.wait(review, 1, now), budget.wait(command, 1, now)]).toEqual([1800, undefined]);
  await spend(budget, '7', 1, 10);
  expect(budget.wait(command, 1, now)).toBe(1800);
  expect(budget.wait({ ...review, kind: 'reconcile' } as Job, 1, now)).toBeUndefined();
});

it('has nobody wait who spent little, however little is left', async () => {
  const budget = new CallBudget();
  await spend(budget, undefined, 80, 20);
  await spend(budget, '7', 19, 1);
  expect(budget.wait(review, 1, now)).toBeUndefined();
  await spend(budget, '7', 1, 0);
  expect(budget.wait(review, 1, now)).toBe(1800);
});

it('begins anew with the hour, which answers that come late do not bring back', async () => {
  const budget = new CallBudget();
  await spend(budget, '7', 60, 40);
  const next = { ...hour, reset: hour.reset + 3600 };
  await spend(budget, '8', 1, 99, next);
  await spend(budget, '7', 60, 30);
  expect(budget.wait(review, 1, now)).toBeUndefined();
  expect(budget.wait(review, 1, (hour.reset + 1) * 1000)).toBeUndefined();
  // A second sooner or later is the same hour.
  await spend(budget, '7', 60, 30, { ...next, reset: next.reset + 1 });
  expect(budget.wait(review, 1, hour.reset * 1000)).toBe(3600);
});

it('says nothing where the server does not count', async () => {
  const budget = new CallBudget();
  await budget.during(review, async () => {
    for (let n = 0; n < 100; n++)
      budget.spent({ installation: 1, limit: undefined, remaining: undefined, reset: undefined });
  });
  expect(budget.wait(review, 1, now)).toBeUndefined();
});

it('counts what is asked before a review has its turn as what the review asks, and has nothing asked where it waits', () => {
  const budget = new CallBudget();
  const reset = Math.floor(Date.now() / 1000) + 1800;
  const ask = (remaining: number) => () => budget.spent({ ...hour, reset, remaining });
  for (let n = 1; n <= 60; n++) budget.ahead('7', 1, ask(100 - n));
  expect(budget.wait(review, 1, Date.now())).toBeGreaterThan(0);
  budget.ahead('7', 1, () => expect.fail('is to wait'));
  let begun = 0;
  for (const sender of ['8', undefined]) budget.ahead(sender, 1, () => (begun += 1));
  expect(begun).toBe(2);
});
