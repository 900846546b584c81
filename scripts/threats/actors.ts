/** Everyone of the threat model, in the order of the document. */
import { applicant } from './applicant.ts';
import { visitor } from './front-desk.ts';
import type { ThreatActor } from './model.ts';
import { operator } from './operator.ts';
import { github, writer } from './registry.ts';
import { services } from './services.ts';
import { stranger } from './stranger.ts';

export const threatActors: readonly ThreatActor[] = [
  applicant,
  stranger,
  visitor,
  writer,
  github,
  services,
  operator,
];
