/** Everyone of the threat model, in the order of the document. */
import { applicant } from './applicant.ts';
import { visitor } from './front-desk.ts';
import type { ThreatActor } from './model.ts';
import { operator } from './operator.ts';
import { github, writer } from './registry.ts';
import { services } from './services.ts';
import { signedIn } from './signed-in.ts';
import { stranger } from './stranger.ts';

export const threatActors: readonly ThreatActor[] = [
  applicant,
  stranger,
  visitor,
  signedIn,
  writer,
  github,
  services,
  operator,
];
