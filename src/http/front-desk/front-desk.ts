/** The front desk: its pages, each a Hono app of its own, put in their places here. */
import { type Context, Hono } from 'hono';
import { html } from '#base/html';
import type { HttpEnv } from '#http/response';
import { methodNotAllowed } from '#http/response';
import { languageOf, rememberedLanguage } from './language.ts';
import { type PageOptions, page } from './layout.ts';
import type { FrontDeskPeople } from './people.ts';
import { frontDeskWords } from './words.ts';

/** Where the definitions go: what GitHub's own pages are reached by. */
export interface FrontDeskRegistry {
  /** `https://github.com/org/registre`, without a slash at the end. */
  readonly url: string;
  readonly defaultBranch: string;
}

export interface FrontDeskOptions {
  /** The origin under which people reach the service. */
  readonly origin: string;
  /** Undefined while it is not known. */
  readonly registry: () => Promise<FrontDeskRegistry | undefined>;
  /** Sign-in and what it gives; undefined: the desk only judges. */
  readonly people?: FrontDeskPeople;
}

/** What a page is made with, for one visit. */
export type PageOf = (context: Context<HttpEnv>, own: Omit<PageOptions, 'lang'>) => Promise<Response>;

/** The frame of a visit: its language, who is signed in, what the menu shows. */
export function pageMaker({ people }: FrontDeskOptions): PageOf {
  return async (context, own) => {
    const signedIn = own.signedIn ?? (await people?.signedIn(context));
    return page({
      lang: languageOf(context),
      canSignIn: people !== undefined,
      here: context.req.path,
      ...own,
      signedIn,
      headers: { 'set-cookie': rememberedLanguage(context), ...own.headers },
    });
  };
}

export function frontDesk(options: FrontDeskOptions): Hono<HttpEnv> {
  const pageOf = pageMaker(options);
  const app = new Hono<HttpEnv>();
  app
    .get('/', (context) => {
      const t = frontDeskWords(languageOf(context));
      return pageOf(context, { title: t.text('home.title'), body: html`<h1>${t('home.title')}</h1>` });
    })
    .all('/', methodNotAllowed('GET, HEAD'));
  if (options.people !== undefined) app.route('/', options.people.pages);
  return app;
}
