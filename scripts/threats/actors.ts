/** Everyone of the threat model, in the order of the document. */
import { applicant } from './applicant.ts';
import type { Actor } from './model.ts';
import { operator } from './operator.ts';
import { github, writer } from './registry.ts';
import { services } from './services.ts';
import { stranger } from './stranger.ts';

export const actors: readonly Actor[] = [applicant, stranger, writer, github, services, operator];
