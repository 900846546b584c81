import { describe, expect, it } from 'vitest';
import { attributes, html, sentenceHtml } from '#base/html';
import { codeSpan } from '#base/i18n/render';
import { fc } from '../fast-check.ts';
import { hostileText } from '../hostile-text.ts';

describe('HTML', () => {
  it('escapes whatever goes into a template, in text as in attributes', () => {
    const foreign = `"><img src=x onerror='a'>&`;
    const escaped = '&quot;&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&amp;';
    expect(String(html`<p title="${foreign}">${[foreign]}${false}${undefined}${html`<b>${1}</b>`}</p>`)).toBe(
      `<p title="${escaped}">${escaped}<b>1</b></p>`,
    );
    expect(String(attributes({ id: foreign, checked: true, hidden: false, lang: undefined }))).toBe(
      ` id="${escaped}" checked`,
    );
  });

  it('shows the sentences of the catalogues, with what is foreign in code', () => {
    expect(
      String(sentenceHtml('Écrivez **tout** : `a<b` & [ceci](https://a.fr/?a&b), ou https://b.fr.')),
    ).toBe(
      'Écrivez <strong>tout</strong> : <code>a&lt;b</code> &amp; <a href="https://a.fr/?a&amp;b">ceci</a>, ou <a href="https://b.fr">https://b.fr</a>.',
    );
    expect(String(sentenceHtml(`${codeSpan('`x` **y**')} z`))).toBe('<code>`x` **y**</code> z');
  });

  it('keeps hostile text inert', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(String(sentenceHtml(`a ${codeSpan(text)} b`))).toMatch(/^a <code>[^<>]*<\/code> b$/);
      }),
    );
  });
});
