/** After the story: everything stays up, and what happens is shown as it happens, until someone presses Ctrl+C. */
import { once } from 'node:events';
import { type DemoEnvironment, registryName } from './environment.ts';
import type { Presenter } from './presenter/presenter.ts';

/** Shows new comments and mails, and where each is to be read. Ends with the first SIGINT or SIGTERM. */
export async function showChanges(environment: DemoEnvironment, presenter: Presenter): Promise<void> {
  const shown = new Map<number, string>();
  let mails = environment.mailbox.mails.length;
  const comments = () =>
    [...environment.registry.issues.values()].flatMap((on) => on.comments.map((one) => ({ on, one })));
  for (const { one } of comments()) shown.set(one.id, one.body);
  const showNew = () => {
    for (const { on, one } of comments()) {
      if (shown.get(one.id) === one.body) continue;
      shown.set(one.id, one.body);
      presenter.line();
      presenter.comment(`${one.author.login} · #${on.number} ${on.title}`, one.body);
      const kind = on.pull === undefined ? 'issues' : 'pull';
      presenter.line(`→ ${environment.github.url}/${registryName}/${kind}/${on.number}`);
    }
    for (; mails < environment.mailbox.mails.length; mails++) {
      const mail = environment.mailbox.mails[mails];
      if (mail === undefined) break;
      presenter.line();
      presenter.mail(mail);
      presenter.line(`→ ${environment.mailPages.url}/${mails + 1}`);
    }
  };
  const timer = setInterval(showNew, 250);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(timer);
}
