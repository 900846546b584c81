/** After the story: everything stays up, and what happens is shown as it happens, until someone presses Ctrl+C. */
import { once } from 'node:events';
import type { DemoSet } from './environment.ts';
import type { Stage } from './presenter/presenter.ts';

/** Shows new comments and mails. Ends with the first SIGINT or SIGTERM. */
export async function watch(set: DemoSet, stage: Stage): Promise<void> {
  const shown = new Map<number, string>();
  let mails = set.mailbox.mails.length;
  const comments = () =>
    [...set.registry.issues.values()].flatMap((on) => on.comments.map((one) => ({ on, one })));
  for (const { one } of comments()) shown.set(one.id, one.body);
  const look = () => {
    for (const { on, one } of comments()) {
      if (shown.get(one.id) === one.body) continue;
      shown.set(one.id, one.body);
      stage.line();
      stage.comment(`${one.author.login} · #${on.number} ${on.title}`, one.body);
    }
    for (const mail of set.mailbox.mails.slice(mails)) stage.mail(mail);
    mails = set.mailbox.mails.length;
  };
  const looking = setInterval(look, 250);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(looking);
}
