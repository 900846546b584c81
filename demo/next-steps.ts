/** What the demo says when everything is left running: where things are, and the commands to go on with. */
import { newcomerDefinition, newcomerPath } from './definitions.ts';
import { type DemoEnvironment, registryName } from './environment.ts';
import type { demoTranslator } from './messages.ts';
import type { Presenter } from './presenter/presenter.ts';

/** Shell commands that work as they are printed, in any folder. */
export interface NextSteps {
  /** Clones the registry, writes a definition on a new branch, and pushes it. */
  readonly push: string;
  /** Opens the pull request. */
  readonly open: string;
}

export function nextSteps(environment: DemoEnvironment): NextSteps {
  const { token, login } = environment.reviewer;
  const remote = environment.github.url.replace('://', `://${login}:${token}@`);
  const body = { title: 'Mon service', head: 'mon-service', base: 'main' };
  return {
    push: [
      `git clone --quiet ${remote}/${registryName}.git registre && cd registre && git switch --quiet -c mon-service &&`,
      `mkdir -p ${newcomerPath.slice(0, newcomerPath.lastIndexOf('/'))} && cat > ${newcomerPath} <<'FIN' &&`,
      `${newcomerDefinition}FIN`,
      `git add . && git -c user.name=Vous -c user.email=vous@localhost commit --quiet -m 'Mon service' && git push --quiet origin mon-service`,
    ].join('\n'),
    open: `curl -s -H 'Authorization: Bearer ${token}' -d '${JSON.stringify(body)}' ${environment.github.api}/repos/${registryName}/pulls`,
  };
}

export function showAddresses(
  environment: DemoEnvironment,
  presenter: Presenter,
  t: ReturnType<typeof demoTranslator>,
): void {
  const { push, open } = nextSteps(environment);
  const places = [
    [t('addressRegistry'), `${environment.github.url}/${registryName}`],
    [t('addressBot'), environment.bot.url],
    [t('addressMail'), environment.mailbox.url],
    [t('addressOpenId'), environment.openid.issuer],
  ] as const;
  presenter.line();
  presenter.narrate(presenter.styler.style(t('kept'), 'bold'));
  for (const [name, address] of places) presenter.line(`  ${name} : ${address}`);
  presenter.line();
  presenter.narrate(t('pushIt'));
  presenter.line();
  presenter.line(push);
  presenter.line();
  presenter.narrate(t('openIt'));
  presenter.line();
  presenter.line(open);
  presenter.line();
}
