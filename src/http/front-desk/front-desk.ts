/** The front desk: its pages, each a Hono app of its own, put in their places here. */
import { type Context, Hono } from 'hono';
import type { PublicCatalogue } from '#application/front-desk/catalogue';
import type { ProviderKind } from '#base/config/cells';
import type { HttpEnv } from '#http/response';
import { homePage, unknownPage } from './home.ts';
import { languageOf, rememberedLanguage } from './language.ts';
import { type PageOptions, page } from './layout.ts';
import type { RegistryPlace } from './new-file-link.ts';
import type { Organization } from './organization.ts';
import type { FrontDeskPeople } from './people.ts';
import { requestForm } from './request-form.ts';
import { servicesPages } from './services.ts';

export interface FrontDeskOptions {
  /** The origin under which people reach the service: forms of any other are refused. */
  readonly origin: string;
  /** Where the registry is; undefined while it is not known. */
  readonly registry: () => Promise<RegistryPlace | undefined>;
  /** Who makes the clients of a cell; undefined: nobody here. */
  readonly provider?: (cell: string) => ProviderKind | undefined;
  /**
   * The legal name and form behind a SIRET, for someone who is signed in: a public service is asked. Undefined when
   * there is no such establishment, or no answer.
   */
  readonly organization?: (siret: string, asker: string) => Promise<Organization | undefined>;
  /** Sign-in and what it gives; undefined: the desk only judges. */
  readonly people?: FrontDeskPeople;
  /** What everybody may see; undefined: nothing. Gives undefined while the registry is not known. */
  readonly catalogue?: () => Promise<PublicCatalogue | undefined>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What a page is made with, for one visit. */
export type PageOf = (
  context: Context<HttpEnv>,
  own: Omit<PageOptions, 'lang'> & Partial<Pick<PageOptions, 'lang'>>,
) => Promise<Response>;

/** The frame of a visit: its language, who is signed in, what the menu shows. */
export function pageMaker({ people, catalogue }: FrontDeskOptions): PageOf {
  return async (context, own) => {
    const signedIn = own.signedIn ?? (await people?.signedIn(context));
    return page({
      lang: languageOf(context),
      canSignIn: people !== undefined,
      catalogue: catalogue !== undefined,
      here: context.req.path,
      query: context.req.query(),
      ...own,
      signedIn,
      headers: { 'set-cookie': rememberedLanguage(context), ...own.headers },
    });
  };
}

/** For the server: what stands where there is no page, for browsers. */
export function unknownPageOf(options: FrontDeskOptions): (context: Context<HttpEnv>) => Promise<Response> {
  const pageOf = pageMaker(options);
  return (context) => unknownPage(context, pageOf);
}

export function frontDesk(options: FrontDeskOptions): Hono<HttpEnv> {
  const pageOf = pageMaker(options);
  const app = new Hono<HttpEnv>();
  app.route('/', homePage(options, pageOf));
  app.route('/', requestForm(options, pageOf));
  app.route('/', servicesPages(options, pageOf));
  if (options.people !== undefined) app.route('/', options.people.pages);
  return app;
}
