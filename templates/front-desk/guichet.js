// Comfort only: every page works without it.

const form = document.querySelector('form[data-verdict]');
if (form) watch(form);

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy)?.textContent ?? '';
    await navigator.clipboard.writeText(text);
    const words = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = words;
    }, 2000);
  });
}

/** Says of each field that was left what is wrong with it, as the page would say it after it is sent. */
function watch(form) {
  const touched = new Set();
  let asking;
  let waiting;
  let notBefore = 0;

  form.addEventListener('change', ({ target }) => {
    if (!target.name) return;
    touched.add(target.name.replace(/\.justification$/, ''));
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
  // Pressed twice, a button sends once.
  form.addEventListener('submit', (event) => {
    clearTimeout(waiting);
    asking?.abort();
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => {
    delete form.dataset.sent;
  });

  async function ask() {
    if (Date.now() < notBefore) return;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(form.dataset.verdict, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
        signal: asking.signal,
      });
      if (answer.status === 429) notBefore = Date.now() + 60_000;
      if (answer.ok) show(await answer.json());
    } catch {
      // The page judges again when it is sent.
    }
  }

  function show({ fields, id, organization = '' }) {
    const found = document.getElementById('organization');
    if (found && found.textContent !== organization) found.textContent = organization;
    const own = form.elements.namedItem('id');
    if (own) own.placeholder = id;
    for (const name of touched) {
      const place = document.getElementById(`${name}-findings`);
      if (!place) continue;
      const findings = fields[name] ?? [];
      const said = findings.map(({ severity, message, where }) => `${severity} ${where} ${message}`).join('\n');
      // What stands there already is not read out again.
      if (place.dataset.said === said) continue;
      place.dataset.said = said;
      place.replaceChildren(...findings.map(findingElement));
      const wrong = findings.some(({ severity }) => severity === 'error');
      const frame = place.closest('.scope, .field');
      frame?.classList.toggle('bad', wrong);
      const control = frame?.matches('[role=radiogroup]') ? frame : frame?.querySelector('textarea, input[type=text]');
      if (wrong) control?.setAttribute('aria-invalid', 'true');
      else control?.removeAttribute('aria-invalid');
    }
  }

  function findingElement({ severity, kind, where, message, fix }) {
    const words = element('p', '', element('span', 'kind', kind), ` ${where ? `${where} – ` : ''}${message}`);
    const whole = element('div', `finding ${severity}`, words);
    if (fix) {
      const button = element('button', '', fix.title);
      button.name = 'apply';
      button.value = fix.apply;
      whole.append(button);
    }
    return whole;
  }

  function element(name, className, ...content) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...content);
    return made;
  }
}
