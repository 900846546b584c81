/**
 * The seam between the form, which needs no sign-in, and what does: who is there, and what is sent in their name.
 * Without sign-in neither is given, and the form hands the file over to be sent by hand.
 */
import type { Context, Hono } from 'hono';
import type { DefinitionThere } from '#application/front-desk/read-own-definition';
import type { RequestBase } from '#application/front-desk/request-base';
import type { HttpEnv } from '#http/response';

/** Who signed in: what the provider vouches for. */
export interface SignedInPerson {
  /** Verified, in lower case. */
  readonly email: string;
  /** Verified; undefined when the provider told none. */
  readonly siret: string | undefined;
  /** How the person is called on the page; their address when undefined. */
  readonly name?: string;
}

export interface SignedIn {
  readonly person: SignedInPerson;
  /** Whether they see `/suivi`. */
  readonly operator?: boolean;
  /** Stands in every form (`name="csrf"`), and is asked for on every POST. */
  readonly csrf: string;
}

/** A definition as the form writes it. */
export interface WrittenDefinition {
  /** `service-providers/<network>/<environment>/<id>.yaml`. */
  readonly path: string;
  readonly text: string;
}

export interface Standing {
  /** On the default branch. */
  readonly there: DefinitionThere;
  /** The person's own request about it that can still be corrected. */
  readonly open?: {
    readonly number: number;
    readonly text: string | null;
    /** The version that it began from. */
    readonly blob: string | null;
  };
}

export interface FrontDeskPeople {
  /** Who asks; undefined when nobody is signed in. */
  signedIn(context: Context<HttpEnv>): Promise<SignedIn | undefined>;
  /** Whether the token of a form is that of who asks. */
  isOwnForm(context: Context<HttpEnv>, token: string): Promise<boolean>;
  /**
   * Sends a definition that was judged sound, in the name of a person. The answer leads to what came of it.
   *
   * @param base what it changes, as the person knows it
   */
  send(
    context: Context<HttpEnv>,
    definition: WrittenDefinition,
    signedIn: SignedIn,
    base?: RequestBase,
  ): Promise<Response>;
  /**
   * What there is at a path, as far as the person may know it; undefined while the registry is not known.
   *
   * @param before the blob of an earlier version, of which the text is asked for, too
   */
  standing(path: string, person: SignedInPerson, before?: string): Promise<Standing | undefined>;
  /** Pages of its own: `/connexion`, `/demandes`, `/suivi` and the like. */
  readonly pages: Hono<HttpEnv>;
}
