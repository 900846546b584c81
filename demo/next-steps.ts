/** What the demo says when everything is left running: where things are, and how to go on, at the desk or by Git. */
import { newcomerDefinition, newcomerPath } from './definitions.ts';
import { type DemoEnvironment, registryName } from './environment.ts';
import type { DemoMessage, demoTranslator } from './messages.ts';
import type { Presenter } from './presenter/presenter.ts';

/** Shell commands that work as they are printed, in any folder. */
export interface NextSteps {
  /** Clones the applicant's copy of the registry, writes a definition on a new branch, and pushes it. */
  readonly push: string;
  /** Opens the pull request. */
  readonly open: string;
}

export function nextSteps(environment: Pick<DemoEnvironment, 'applicant' | 'github' | 'fork'>): NextSteps {
  const { token, login } = environment.applicant;
  const remote = environment.github.url.replace('://', `://${login}:${token}@`);
  const body = { title: 'Mon service', head: `${login}:mon-service`, base: 'main' };
  return {
    push: [
      `git clone --quiet ${remote}/${login}/${environment.fork.name}.git registre && cd registre && git switch --quiet -c mon-service &&`,
      `mkdir -p ${newcomerPath.slice(0, newcomerPath.lastIndexOf('/'))} && cat > ${newcomerPath} <<'FIN' &&`,
      `${newcomerDefinition}FIN`,
      `git add . && git -c user.name=Vous -c user.email=vous@localhost commit --quiet -m 'Mon service' && git push --quiet origin mon-service`,
    ].join('\n'),
    open: `curl -sSf -H 'Authorization: Bearer ${token}' -d '${JSON.stringify(body)}' ${environment.github.api}/repos/${registryName}/pulls | grep -o 'http[^"]*/pull/[0-9]*' | head -1`,
  };
}

/** Pages to open, the desk first. */
export function addresses(environment: DemoEnvironment): readonly (readonly [DemoMessage, string])[] {
  return [
    ['addressDesk', `${environment.bot.url}/`],
    ['addressRegistry', `${environment.github.url}/${registryName}`],
    ['addressMail', `${environment.mailPages.url}/`],
    ['addressApplication', `${environment.application.url}/`],
    ['addressServices', `${environment.bot.url}/services`],
    ['addressFollow', `${environment.bot.url}/suivi`],
  ];
}

export function showAddresses(
  environment: DemoEnvironment,
  presenter: Presenter,
  t: ReturnType<typeof demoTranslator>,
): void {
  const { push, open } = nextSteps(environment);
  presenter.line();
  presenter.narrate(presenter.styler.style(t('kept'), 'bold'));
  for (const [name, address] of addresses(environment)) presenter.line(`  ${t(name)}${t('colon')}${address}`);
  presenter.line();
  presenter.narrate(presenter.styler.style(t('yourTurn'), 'bold'));
  const redirect = `${environment.application.url}/auth/retour`;
  for (const [index, step] of (['turnAsk', 'turnAccept', 'turnKeys'] as const).entries())
    presenter.narrate(`${index + 1}. ${t(step, { redirect })}`);
  presenter.narrate(t('turnProduction'));
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
