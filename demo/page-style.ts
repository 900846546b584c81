/** The look that the demo's own pages share: a light one and a dark one, nothing from elsewhere. */
export const pageStyle = `:root{color-scheme:light dark}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,"Liberation Sans",sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1f2328;background:#fff;overflow-wrap:break-word}
a{color:#0550ae}nav{font-size:.9em}h1{font-size:1.5rem;line-height:1.25}h1 small{color:#59636e;font-weight:400}h2{font-size:1.15rem;margin-top:2rem}
.box{border:1px solid #d1d9e0;border-radius:.4rem;margin:1rem 0}
.box>header{background:#f6f8fa;border-bottom:1px solid #d1d9e0;padding:.5rem 1rem;border-radius:.4rem .4rem 0 0}
.box>div{padding:.2rem 1rem}
pre{background:#f6f8fa;padding:.8rem;overflow:auto;border-radius:.4rem;font:.85em/1.45 ui-monospace,"Liberation Mono",monospace}
code{font:.85em ui-monospace,"Liberation Mono",monospace;background:#eff1f3;padding:.15em .35em;border-radius:.3em}pre code{background:none;padding:0;font-size:1em}
table{border-collapse:collapse}th,td{border:1px solid #d1d9e0;padding:.3rem .6rem;text-align:left}
.alert{border:2px solid #d1242f;border-radius:.4rem;padding:.5rem 1rem;white-space:pre-wrap}
.quiet{color:#59636e}
label{display:block;font-weight:600;margin-top:.8rem}
input,select,textarea{font:inherit;width:100%;max-width:100%;padding:.4rem;border:1px solid #59636e;border-radius:.3rem;background:inherit;color:inherit}
textarea.code{font:.85em/1.45 ui-monospace,"Liberation Mono",monospace}
button{font:inherit;padding:.45rem .9rem;margin:.3rem .4rem .3rem 0;border:1px solid #59636e;border-radius:.3rem;background:#f6f8fa;color:#1f2328;cursor:pointer}
button.main{background:#1a7f37;border-color:#1a7f37;color:#fff}
:focus-visible{outline:3px solid #0550ae;outline-offset:2px}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}a{color:#79b8ff}.box,.box>header,th,td{border-color:#3d444d}
.box>header,pre,code{background:#161b22}.quiet,h1 small{color:#9198a1}button{background:#21262d;color:#e6edf3}}`;
