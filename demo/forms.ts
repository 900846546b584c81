/** The forms of a page, as a browser fills them in and sends them (HTML Standard, « Constructing the entry list »). */
import { unescapeHtml } from './unescape-html.ts';

interface Control {
  readonly kind: 'text' | 'choice' | 'select' | 'button';
  readonly name: string | undefined;
  readonly value: string;
  /** Of a box or a radio button: whether it is chosen. */
  readonly chosen: boolean;
  /** The words on a button. */
  readonly words: string;
  /** Where a button sends the form, if elsewhere than the form says. */
  readonly action: string | undefined;
}

export interface PageForm {
  readonly id: string | undefined;
  readonly action: string | undefined;
  readonly method: 'get' | 'post';
  readonly controls: readonly Control[];
}

/** What is pressed: by its name and value, or by its words. The first button of the first form when empty. */
export interface ButtonChoice {
  readonly name?: string;
  readonly value?: string;
  readonly words?: string;
}

export interface FilledForm {
  readonly method: 'get' | 'post';
  /** As the page writes it; the page's own address when undefined. */
  readonly action: string | undefined;
  readonly fields: URLSearchParams;
}

const tags = /<(\/?)(form|input|button|select|option|textarea)\b([^>]*)>/gi;

export function formsOf(html: string): readonly PageForm[] {
  const forms: { id?: string; action?: string; method: 'get' | 'post'; controls: Control[] }[] = [];
  let open: (typeof forms)[number] | undefined;
  /** Controls that belong to a form by its id, which may come later. */
  const strays: { form: string; control: Control }[] = [];
  let select: { tag: string; options: { value: string; selected: boolean }[] } | undefined;
  for (const { 1: closing, 2: kind = '', 0: tag, index } of html.matchAll(tags)) {
    const after = html.slice(index + tag.length);
    const textUntil = (end: RegExp) => unescapeHtml(after.slice(0, after.search(end)));
    const add = (from: string, control: Omit<Control, 'name' | 'action'>) => {
      const whole = { name: attribute(from, 'name'), action: attribute(from, 'formaction'), ...control };
      const form = attribute(from, 'form');
      if (form !== undefined) strays.push({ form, control: whole });
      else open?.controls.push(whole);
    };
    const plain = { value: attribute(tag, 'value') ?? '', chosen: false, words: '' };
    switch (`${closing}${kind.toLowerCase()}`) {
      case 'form': {
        const [id, action] = [attribute(tag, 'id'), attribute(tag, 'action')];
        const method = attribute(tag, 'method')?.toLowerCase() === 'post' ? 'post' : 'get';
        open = {
          method,
          controls: [],
          ...(id !== undefined && { id }),
          ...(action !== undefined && { action }),
        };
        forms.push(open);
        break;
      }
      case '/form':
        open = undefined;
        break;
      case 'input': {
        const type = attribute(tag, 'type') ?? 'text';
        const isChoice = type === 'radio' || type === 'checkbox';
        if (isChoice)
          add(tag, {
            ...plain,
            kind: 'choice',
            value: attribute(tag, 'value') ?? 'on',
            chosen: /\schecked\b/.test(tag),
          });
        else add(tag, { ...plain, kind: 'text' });
        break;
      }
      case 'button':
        add(tag, {
          ...plain,
          kind: 'button',
          words: textUntil(/<\/button>/i)
            .replace(/<[^>]*>/g, '')
            .trim(),
        });
        break;
      case 'textarea':
        add(tag, { ...plain, kind: 'text', value: textUntil(/<\/textarea>/i).replace(/^\r?\n/, '') });
        break;
      case 'select':
        select = { tag, options: [] };
        break;
      case 'option':
        select?.options.push({ value: plain.value, selected: /\sselected\b/.test(tag) });
        break;
      case '/select': {
        if (select === undefined) break;
        const chosen = select.options.find(({ selected }) => selected) ?? select.options[0];
        add(select.tag, { ...plain, kind: 'select', value: chosen?.value ?? '' });
        select = undefined;
        break;
      }
    }
  }
  for (const { form, control } of strays) forms.find(({ id }) => id === form)?.controls.push(control);
  return forms.map((form) => ({ id: undefined, action: undefined, ...form }));
}

/**
 * Fills a form in and presses one of its buttons.
 *
 * @param values by the names of controls; a list where several boxes have the same name
 * @throws when the page has no such button, or its form no such field: nobody can press or fill it
 */
export function fillForm(
  html: string,
  button: ButtonChoice,
  values: Readonly<Record<string, string>>,
): FilledForm {
  const fits = (control: Control) =>
    control.kind === 'button' &&
    (button.name === undefined || control.name === button.name) &&
    (button.value === undefined || control.value === button.value) &&
    (button.words === undefined || control.words === button.words);
  const form = formsOf(html).find(({ controls }) => controls.some(fits));
  const pressed = form?.controls.find(fits);
  if (form === undefined || pressed === undefined)
    throw new Error(`There is no button ${JSON.stringify(button)} to press`);
  const unknown = Object.keys(values).filter((name) => !form.controls.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`There are no fields ${unknown.join(', ')} in the form`);
  const fields = new URLSearchParams();
  for (const { kind, name, value, chosen } of form.controls) {
    if (name === undefined || kind === 'button') continue;
    const wanted = values[name];
    if (kind !== 'choice') fields.append(name, wanted ?? value);
    else if (wanted === undefined ? chosen : wanted === value) fields.append(name, value);
  }
  if (pressed.name !== undefined) fields.append(pressed.name, pressed.value);
  return { method: form.method, action: pressed.action ?? form.action, fields };
}

/** An attribute of a tag, its character references resolved. */
export function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?<![\\w-])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === undefined ? undefined : unescapeHtml(value);
}
