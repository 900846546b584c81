/** The mail that asks whether a service still lives: what it says, and where it leads. */
import { describe, expect, it } from 'vitest';
import { composeRecertificationMail } from '#application/recertification/compose-recertification-mail';
import type { RecertificationMailFacts } from '#application/recertification/recertification-store';

const registryUrl = 'https://github.com/org/registre';
const desk = 'https://guichet.example.fr/demandes';
const client = { cell: 'internet/production', id: 'agenda' };
const facts: RecertificationMailFacts = {
  notice: 'recertify',
  step: 'asked',
  name: 'Agenda des <associations>',
  to: ['equipe@ville-de-montfictif.fr'],
  clientId: 'client-1',
  answerBy: Date.parse('2027-12-27T09:00:00Z'),
};
const linksOf = (text: string) => [...new Set(text.match(/https?:[^\s"<]+/g))];

describe('the mail that asks whether a service still lives', () => {
  it('says until when, and how to answer, in both languages', () => {
    const { subject, text, html } = composeRecertificationMail(facts, client, { registryUrl, desk }, 'fr');
    expect(subject).toMatch(/^ProConnect\s: Agenda des <associations> existe-t-il toujours\s\?$/);
    expect(text).toContain('Répondez avant le 27 décembre 2027');
    expect(text).toContain('Please answer before 27 December 2027');
    expect(text).toContain('/greffier keep internet/production/agenda');
    expect(html).toContain('Agenda des &lt;associations&gt;');
    const reminder = composeRecertificationMail(
      { ...facts, step: 'reminded' },
      client,
      { registryUrl },
      'en',
    );
    expect(reminder.subject).toContain('reminder');
    expect(reminder.text.indexOf('Please answer')).toBeLessThan(reminder.text.indexOf('Répondez'));
  });

  it('leads only to pages that ask who one is: there is nothing in it to forward', () => {
    const places = { registryUrl, desk };
    for (const [more, page] of [
      [{ pull: 12 }, '/pull/12'],
      [{ issue: 7 }, '/issues/7'],
      [{}, '/issues'],
    ] as const) {
      const { text, html } = composeRecertificationMail({ ...facts, ...more }, client, places, 'fr');
      expect(linksOf(text)).toEqual([desk, `${registryUrl}${page}`]);
      expect(linksOf(html)).toEqual([desk, `${registryUrl}${page}`]);
    }
    const { text } = composeRecertificationMail(facts, client, { registryUrl }, 'fr');
    expect(linksOf(text)).toEqual([`${registryUrl}/issues`]);
  });
});
