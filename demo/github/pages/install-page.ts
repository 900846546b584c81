/** `/apps/SLUG/installations/new`: where the App is installed, one button for each repository on which it is not yet. */
import { html } from '#base/html';
import { installApp } from '#demo/github/mutations/installations';
import { fullName, type Repository } from '#demo/github/state';
import { box, frame, link, type PageAnswer, type PageContext, pathOf, repositoryPath } from './frame.ts';

const installPath = (context: PageContext): string =>
  pathOf('apps', context.store.app.slug, 'installations', 'new');

/** An App that is not public is shown to its owner only; that of tests and of the demo belongs to nobody, and is everyone's. */
function mayHaveIt({ store }: PageContext, of: Repository): boolean {
  const { owner } = store.app;
  return owner.type !== 'Organization' || owner === of.owner;
}

/** Undefined when there is no such App. */
export function installPage(context: PageContext, slug: string): PageAnswer | undefined {
  const { store, t } = context;
  if (slug !== store.app.slug) return undefined;
  const offered = [...store.repositories.values()].filter(
    (of) => of.parent === undefined && mayHaveIt(context, of),
  );
  const body = html`<p>${t('install-choose')}</p>${offered.map((of) =>
    box(
      link(repositoryPath(of), fullName(of)),
      store.installationOn(of) === undefined
        ? html`<form method="post" action="${installPath(context)}"><input type="hidden" name="repository" value="${fullName(of)}"><button class="main">${t('install')}</button></form>`
        : html`<p>${t('installed')}</p>`,
    ),
  )}${offered.length === 0 && html`<p class="quiet">${t('none')}</p>`}`;
  return { status: 200, html: frame(context, { title: `${t('install')} ${store.app.name}`, body }) };
}

/** Installs it on a repository; undefined when the App, or the repository, is none that was offered. */
export function installOn(context: PageContext, slug: string, name: string): PageAnswer | undefined {
  const { store } = context;
  const of = store.repositories.get(name.toLowerCase());
  if (slug !== store.app.slug || of === undefined || !mayHaveIt(context, of)) return undefined;
  if (store.installationOn(of) === undefined) installApp(store, of);
  return { status: 303, location: installPath(context) };
}
