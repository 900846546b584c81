/** A comment as GitHub shows it: its Markdown in a page with GitHub's measures and colours. */
import { marked } from 'marked';

/** Close to the sheets that GitHub gives to comments: the same sizes, spaces and colours, and nothing from elsewhere. */
const style = `
*{box-sizing:border-box}
body{margin:0;padding:24px;background:#fff;color:#1f2328;font:14px/1.5 "Noto Sans",-apple-system,"Segoe UI","Liberation Sans",Arial,sans-serif}
.comment{display:flex;gap:16px;max-width:920px;margin:0 auto}
.avatar{flex:none;width:40px;height:40px;border-radius:20%;background:#000091;color:#fff;font:700 22px/40px "Liberation Sans",Arial,sans-serif;text-align:center}
.box{flex:1;min-width:0;border:1px solid #d1d9e0;border-radius:6px}
.head{padding:8px 16px;background:#f6f8fa;border-bottom:1px solid #d1d9e0;border-radius:6px 6px 0 0;color:#59636e}
.head b{color:#1f2328}
.bot{margin-left:4px;padding:0 7px;border:1px solid #d1d9e0;border-radius:2em;font-size:12px}
.body{padding:16px;overflow-wrap:break-word}
.body>:first-child{margin-top:0}
.body>:last-child{margin-bottom:0}
h2,h3,h4{margin:24px 0 16px;font-weight:600;line-height:1.25}
h2{padding-bottom:.3em;font-size:1.5em;border-bottom:1px solid #d1d9e0b3}
h3{font-size:1.25em}
h4{font-size:1em}
p,ul,pre,details{margin:0 0 16px}
ul{padding-left:2em}
li+li{margin-top:.25em}
li>ul,li>p{margin-bottom:0}
li>p{margin-top:16px}
a{color:#0969da;text-decoration:none}
code{padding:.2em .4em;background:#818b981f;border-radius:6px;font:85% ui-monospace,"Liberation Mono","DejaVu Sans Mono",monospace;white-space:break-spaces}
pre{padding:16px;overflow:auto;background:#f6f8fa;border-radius:6px;font-size:85%;line-height:1.45}
li>pre{margin-top:8px}
pre code{padding:0;background:none;font-size:100%;white-space:pre}
.added{display:inline-block;min-width:100%;background:#dafbe1;color:#116329}
.removed{display:inline-block;min-width:100%;background:#ffebe9;color:#82071e}
svg.sign{width:1em;height:1em;margin:0 .15em;vertical-align:-.12em}
summary{cursor:pointer}
sub{font-size:75%}
@media (max-width:767px){body{padding:8px}.avatar{display:none}}
`;

/** The few pictures of a review, drawn: a machine that takes pictures seldom has a font of coloured ones. */
const drawn: Readonly<Record<string, string>> = {
  '❌': '<path d="M3 3l10 10M13 3L3 13" stroke="#cf222e" stroke-width="3" stroke-linecap="round"/>',
  '✅': '<rect x="1" y="1" width="14" height="14" rx="3" fill="#1a7f37"/><path d="M4 8.5l3 3 5-6.5" stroke="#fff" stroke-width="2" fill="none"/>',
  '⏳': '<path d="M3 1.5h10M3 14.5h10M4 2c0 4 3 4 4 6-1 2-4 2-4 6h8c0-4-3-4-4-6 1-2 4-2 4-6z" stroke="#9a6700" stroke-width="1.3" fill="#fff8c5"/>',
  '⚠️': '<path d="M8 1l7 13H1z" fill="#d4a72c"/><path d="M8 6v4M8 11.5v1" stroke="#1f2328" stroke-width="1.5"/>',
  '⚖️': '<path d="M8 2v12M4 14h8M2 4h12M2 4L0.5 9h5zM14 4l-3.5 5h5z" stroke="#59636e" stroke-width="1.2" fill="none"/>',
  ℹ️: '<rect x="1" y="1" width="14" height="14" rx="3" fill="#0969da"/><path d="M8 7v5M8 4v1.5" stroke="#fff" stroke-width="2"/>',
};

function illustrated(html: string): string {
  return html.replace(
    /❌|✅|⏳|⚠️|⚖️|ℹ️/gu,
    (sign) => `<svg class="sign" viewBox="0 0 16 16" fill="none">${drawn[sign] ?? ''}</svg>`,
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function diffLine(line: string): string {
  const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : '';
  return kind === '' ? escaped(line) : `<span class="${kind}">${escaped(line)}</span>`;
}

const renderer = new marked.Renderer();
renderer.code = ({ text, lang }) =>
  `<pre><code>${lang === 'diff' ? text.split('\n').map(diffLine).join('\n') : escaped(text)}</code></pre>`;

/** @returns a whole page; `header` is what stands above the comment, such as « a commenté ». */
export function commentPage(markdown: string, header = 'a commenté'): string {
  const body = marked.parse(markdown, { gfm: true, async: false, renderer });
  return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Greffier</title><style>${style}</style></head>
<body><div class="comment"><div class="avatar">G</div><div class="box">
<div class="head"><b>greffier</b> <span class="bot">bot</span> ${header}</div>
<div class="body">${illustrated(body)}</div></div></div></body></html>
`;
}
