/**
 * The seam between the form, which needs no sign-in, and what does: who is there, and what is sent in their name.
 * Without sign-in neither is given, and the form hands the file over to be sent by hand.
 */
import type { Context, Hono } from 'hono';
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

export interface FrontDeskPeople {
  /** Who asks; undefined when nobody is signed in. */
  signedIn(context: Context<HttpEnv>): Promise<SignedIn | undefined>;
  /** Whether the token of a form is that of who asks. */
  isOwnForm(context: Context<HttpEnv>, token: string): Promise<boolean>;
  /** Sends a definition that was judged sound, in the name of a person. The answer leads to what came of it. */
  send(context: Context<HttpEnv>, definition: WrittenDefinition, signedIn: SignedIn): Promise<Response>;
  /** The text of a definition of the registry, for the person to start from; undefined when it is not theirs to read. */
  read(path: string, person: SignedInPerson): Promise<string | undefined>;
  /** Pages of its own: `/connexion`, `/demandes`, `/suivi` and the like. */
  readonly pages: Hono<HttpEnv>;
}
