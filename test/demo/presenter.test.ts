import { describe, expect, it } from 'vitest';
import { safeTerminal } from '#cli/terminal';
import { renderMarkdown } from '#demo/presenter/markdown';
import { renderPage } from '#demo/presenter/page';
import { Presenter } from '#demo/presenter/presenter';
import { sanitizeText, TextStyler, widthOf, wrapText } from '#demo/presenter/terminal';

const plain = new TextStyler(false);
const coloured = new TextStyler(true);
const shown = (markdown: string, width = 60) => renderMarkdown(markdown, { styler: plain, width });

describe('Markdown on a terminal', () => {
  it('reads like the rendered comment', () => {
    const comment = `<!-- greffier:review -->
## ❌ 2 erreurs à corriger

#### \`service-providers/internet/production/a.yaml\`

- [ligne 12](https://example.org/x#L12) : ❌ **Écrivez** \`https\`, pas *http* (\`url/https-required\`)
  \`\`\`diff
  -   - http://a.gouv.fr/cb
  +   - https://a.gouv.fr/cb
  \`\`\`
- ligne 14
  - un
  - deux

<details>
<summary>Pourquoi ?</summary>

- caché

</details>

<sub>Jugé au commit \`abc\`</sub>
`;
    expect(shown(comment)).toEqual([
      '❌ 2 erreurs à corriger',
      '',
      '`service-providers/internet/production/a.yaml`',
      '',
      '• ligne 12 : ❌ Écrivez `https`, pas http',
      '  (`url/https-required`)',
      '  ┃ -   - http://a.gouv.fr/cb',
      '  ┃ +   - https://a.gouv.fr/cb',
      '• ligne 14',
      '  • un',
      '  • deux',
      '',
      '▸ Pourquoi ?',
      '',
      'Jugé au commit `abc`',
    ]);
  });

  it('opens what is folded when asked, and shows suggestions as what they replace', () => {
    const folded = '<details>\n<summary>Pourquoi ?</summary>\n\n- là\n\n</details>\n\nFin';
    expect(renderMarkdown(folded, { styler: plain, width: 40, unfolded: true })).toEqual([
      '▾ Pourquoi ?',
      '',
      '• là',
      '',
      'Fin',
    ]);
    const suggestion = '```suggestion\nb: 2\n```';
    expect(renderMarkdown(suggestion, { styler: plain, width: 40, replaced: ['b: 1'] })).toEqual([
      '┃ - b: 1',
      '┃ + b: 2',
    ]);
  });

  it('lays tables out, and stacks them where they do not fit', () => {
    const table = '| Champ | Valeur |\n|---|---|\n| nom | Agenda |';
    expect(shown(table)).toEqual(['Champ │ Valeur', '──────┼───────', 'nom   │ Agenda']);
    expect(shown(table, 14)).toEqual(['Champ : nom', 'Valeur :', 'Agenda']);
  });

  it('stays within the width', () => {
    const long = `- \`https://${'a'.repeat(90)}.gouv.fr/\` et ${'mot '.repeat(40)}`;
    for (const width of [30, 60, 100])
      for (const line of renderMarkdown(long, { styler: coloured, width }))
        expect(widthOf(line)).toBeLessThanOrEqual(width);
  });
});

describe('text of others on a terminal', () => {
  it('cannot move the cursor, nor hide', () => {
    expect(sanitizeText('a\u001b[2Jb\u202ec ⚠️\u00a0: d')).toBe('a⟨U+001B⟩[2Jb⟨U+202E⟩c ⚠️\u00a0: d');
  });

  it('is measured as it is seen', () => {
    expect(widthOf('é')).toBe(1);
    expect(widthOf('é')).toBe(1);
    expect(widthOf('❌')).toBe(2);
    expect(widthOf(coloured.style('abc', 'red', 'bold'))).toBe(3);
    expect(wrapText('un deux trois', 8)).toEqual(['un deux', 'trois']);
  });
});

describe('a page in a text browser', () => {
  it('shows words and buttons, no code', () => {
    const html =
      '<!doctype html><head><title>x</title><style>p{}</style></head><body><h1>Vos clés</h1><p>Elles s&#39;affichent une <b>seule</b> fois.</p><form method="post"><button>Afficher</button> <button type="button" data-copy="x" hidden>Copier</button><span class="away" id="x">les clés</span><input type="hidden" name="x" value="y"></form></body>';
    expect(renderPage(html, plain, 60)).toEqual([
      'Vos clés',
      "Elles s'affichent une seule fois.",
      '[ Afficher ]',
    ]);
  });
});

describe('the presenter', () => {
  it('shows annotations under their lines, labels, checks, and sums up', () => {
    let out = '';
    const presenter = new Presenter({ write: (text) => (out += text), coloured: false, width: 50, pause: 0 });
    presenter.file('a.yaml', 'version: 1\nname: A\nurl: http://a\nfin: 1\n', [
      {
        path: 'a.yaml',
        start_line: 3,
        end_line: 3,
        start_column: 6,
        end_column: 13,
        annotation_level: 'failure',
        title: 'https',
        message: 'Écrivez https.',
        raw_details: null,
      },
    ]);
    presenter.check('greffier', 'failure', '1 erreur');
    presenter.labels([{ name: 'invalid', color: 'd73a4a' }]);
    presenter.observe('Le contrôle est rouge', true);
    presenter.observe('Le commentaire est là', false);
    expect(presenter.summary('Bilan')).toBe(false);
    expect(out.split('\n').map((line) => line.replace(/ *│$/, '').trimEnd())).toEqual([
      '╭─ a.yaml ───────────────────────────────────────╮',
      '│    2 │ name: A',
      '│    3 │ url: http://a',
      '│      │      ^^^^^^^^',
      '│      │ https',
      '│      │ Écrivez https.',
      '│    4 │ fin: 1',
      '╰────────────────────────────────────────────────╯',
      '✗ greffier — 1 erreur',
      '[invalid]',
      '✓ Le contrôle est rouge',
      '✗ Le commentaire est là',
      '',
      'Bilan',
      '  ✓ Le contrôle est rouge',
      '  ✗ Le commentaire est là',
      '',
    ]);
  });
});

it('is shown in colours by the command line, which lets no other sequence through', () => {
  let out = '';
  const terminal = safeTerminal({
    language: 'fr',
    folder: '.',
    colours: true,
    interactive: false,
    columns: 80,
    out: (text) => (out += text),
    err: () => undefined,
    progress: () => undefined,
    ask: async () => undefined,
  });
  const presenter = new Presenter({ write: terminal.out, coloured: true, width: 60, pause: 0 });
  const hostile = 'x\u001b[2J\u009b1m\u001b]0;t\u0007';
  presenter.part('Première');
  presenter.labels([{ name: `ready${hostile}`, color: '8fd08f' }]);
  presenter.facts(hostile, [[hostile, hostile]]);
  presenter.page(hostile, `<p>${hostile}</p><pre>${hostile}\n b</pre>`);
  presenter.comment(hostile, `**${hostile}** \`${hostile}\``);
  presenter.observe('Vu', true, hostile);
  expect(out).toContain('\u001b[42m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are what may stay
  const left = out.replace(/\u001b\[\d{1,2}m/g, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(left).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  // Our own colours came through: what is shown by its number is theirs.
  expect(left.match(/⟨U\+001B⟩/g)).toHaveLength(2 * left.split('x⟨').length - 2);
});
