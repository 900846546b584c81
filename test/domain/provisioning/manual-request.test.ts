/** The request to the people who make clients by hand. */
import { describe, expect, it } from 'vitest';
import { languages } from '#base/i18n/message';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { renderRequest } from '#domain/provisioning/manual-request';
import type { OutsideAnswer, SiretRecord } from '#domain/registry/outside-answers';
import { manualProvider } from '#infrastructure/identity-providers/manual';
import { issueBoard } from '../../infrastructure/identity-providers/issue-board.ts';
import { aDesired } from './desired.ts';
import { anAttempt, succeeded } from './outcomes.ts';

const subject = { cell: 'internet/production', id: 'agenda' } as const;
const desired = aDesired('agenda', {
  datapass: 'H4821',
  description: 'Réserver une salle municipale',
  optional_scopes: [{ scope: 'groups', justification: 'Ouvrir les droits selon le service.' }],
});
const commune: OutsideAnswer<SiretRecord> = {
  ok: true,
  at: '2026-03-02T09:00:00Z',
  value: { found: true, legalName: 'COMMUNE DE MONTFICTIF', legalForm: '7210', ceased: false },
};

/** With plain spaces, as the words are written. */
function body(siret: OutsideAnswer<SiretRecord> | undefined, language: 'fr' | 'en' = 'fr'): string {
  const applicant = { definition: desired.definition, ...(siret === undefined ? {} : { siret }) };
  return renderRequest(
    { client: subject, action: 'create', wanted: wantedMetadata(desired), applicant },
    language,
  ).body.replaceAll('\u00a0', ' ');
}

describe('a request', () => {
  it('says who asks, as the form does: SIRET, legal name, legal form', () => {
    const { siret } = desired.definition.organization;
    expect(body(commune)).toContain(
      `- SIRET : \`${siret}\`\n- Dénomination : \`COMMUNE DE MONTFICTIF\`\n- Forme juridique : Commune et commune nouvelle\n- DataPass : \`H4821\`\n- Description : \`Réserver une salle municipale\``,
    );
    expect(body(commune, 'en')).toContain('- Legal name: `COMMUNE DE MONTFICTIF`');
    expect(body(commune)).toContain('`groups` : `Ouvrir les droits selon le service.`');
  });

  it.each([
    ['the service did not answer', { ok: false, reason: 'unreachable' }, 'non vérifié'],
    ['nobody asked', undefined, 'non vérifié'],
    [
      'it is not known there',
      { ok: true, at: '', value: { found: false } },
      'inconnu de l’Annuaire des Entreprises',
    ],
  ] as const)('says so when %s', (_when, siret, words) => {
    expect(body(siret)).toContain(`- Dénomination : ${words}\n- Forme juridique : ${words}\n`);
  });

  it('shows the code of a form that has no name here, and says when none was given', () => {
    const formed = (legalForm?: string): OutsideAnswer<SiretRecord> => ({
      ...commune,
      value: {
        found: true,
        legalName: 'X',
        ceased: false,
        ...(legalForm === undefined ? {} : { legalForm }),
      },
    });
    expect(body(formed('0999'))).toContain('- Forme juridique : `0999`');
    expect(body(formed())).toContain('- Forme juridique : non précisée');
  });

  it('carries it to the issue', async () => {
    const board = issueBoard();
    for (const language of languages) {
      const provider = manualProvider({
        cell: subject.cell,
        tracker: board.issues(),
        language: () => language,
        applicantOf: () => ({ definition: desired.definition, siret: commune }),
      });
      succeeded(await provider.create(subject, wantedMetadata(desired), anAttempt));
      expect(board.all.at(-1)?.body).toContain('COMMUNE DE MONTFICTIF');
    }
    expect(board.openRequests()).toHaveLength(1);
  });
});

describe('the request for another secret', () => {
  it('names the client that there is now, where one of before it was left open', async () => {
    const board = issueBoard();
    const provider = manualProvider({ cell: subject.cell, tracker: board.issues(), language: () => 'fr' });
    const held = (clientId: string) => ({ handle: clientId, clientId, metadata: {}, confirmed: {} });
    const ask = async (clientId: string) =>
      succeeded((await provider.renewKeys?.(subject, held(clientId))) ?? expect.fail()).request;
    const first = await ask('client-42');
    expect(await ask('client-99')).toBe(first);
    expect(board.all.at(-1)?.body).toContain('client-99');
    expect(board.all.at(-1)?.body).not.toContain('client-42');
    expect(board.openRequests()).toHaveLength(1);
  });
});
