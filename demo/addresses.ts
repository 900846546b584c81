/** What the demo says when everything is left running: where things are, and the commands to go on with. */
import { visitorDefinition, visitorPath } from './definitions.ts';
import { type DemoSet, registryName } from './environment.ts';
import type { teller } from './messages.ts';
import type { Stage } from './presenter/presenter.ts';

/** Shell commands that work as they are printed, in any folder. */
export interface NextSteps {
  /** Clones the registry, writes a definition on a new branch, and pushes it. */
  readonly push: string;
  /** Opens the pull request. */
  readonly open: string;
}

export function nextSteps(set: DemoSet): NextSteps {
  const { token, login } = set.reviewer;
  const remote = set.github.url.replace('://', `://${login}:${token}@`);
  const body = { title: 'Mon service', head: 'mon-service', base: 'main' };
  return {
    push: [
      `git clone --quiet ${remote}/${registryName}.git registre && cd registre && git switch --quiet -c mon-service &&`,
      `mkdir -p ${visitorPath.slice(0, visitorPath.lastIndexOf('/'))} && cat > ${visitorPath} <<'FIN' &&`,
      `${visitorDefinition}FIN`,
      `git add . && git -c user.name=Vous -c user.email=vous@localhost commit --quiet -m 'Mon service' && git push --quiet origin mon-service`,
    ].join('\n'),
    open: `curl -s -H 'Authorization: Bearer ${token}' -d '${JSON.stringify(body)}' ${set.github.api}/repos/${registryName}/pulls`,
  };
}

export function showAddresses(set: DemoSet, stage: Stage, say: ReturnType<typeof teller>): void {
  const { push, open } = nextSteps(set);
  const places = [
    [say('addressRegistry'), `${set.github.url}/${registryName}`],
    [say('addressBot'), set.bot.url],
    [say('addressMail'), set.mailbox.url],
    [say('addressOpenId'), set.openid.issuer],
  ] as const;
  stage.line();
  stage.tell(stage.brush.paint(say('kept'), 'bold'));
  for (const [name, address] of places) stage.line(`  ${name} : ${address}`);
  stage.line();
  stage.tell(say('pushIt'));
  stage.line();
  stage.line(push);
  stage.line();
  stage.tell(say('openIt'));
  stage.line();
  stage.line(open);
  stage.line();
}
