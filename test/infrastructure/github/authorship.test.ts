import { describe, expect, it } from 'vitest';
import { isApp, isMarkedBy, isSameText, isWrittenBy } from '#infrastructure/github/write/authorship';

const bot = { login: 'greffier[bot]', type: 'Bot' };
const person = { login: 'alice', type: 'User' };
const by = (user: typeof bot | null, app?: { readonly id: number } | null, body?: string) => ({
  user,
  ...(app === undefined ? {} : { performed_via_github_app: app }),
  ...(body === undefined ? {} : { body }),
});

describe('what Greffier wrote', () => {
  it('is known by the numeric id of its App, whatever the login', () => {
    expect(isWrittenBy(by(bot, { id: 7 }), { appId: 7 })).toBe(true);
    expect(isWrittenBy(by({ ...bot, login: 'renamed[bot]' }, { id: 7 }), { appId: 7 })).toBe(true);
    expect(isWrittenBy(by(bot, { id: 8 }), { appId: 7 })).toBe(false);
  });

  it('is what a bot wrote where GitHub names no App, and never what a person wrote', () => {
    for (const app of [undefined, null]) {
      expect(isWrittenBy(by(bot, app), { appId: 7 })).toBe(true);
      expect(isWrittenBy(by(person, app), { appId: 7 })).toBe(false);
      expect(isWrittenBy(by(null, app), { appId: 7 })).toBe(false);
    }
  });

  it('is, with a token, what its account or the service wrote', () => {
    expect(isWrittenBy(by(person), { login: 'alice' })).toBe(true);
    expect(isWrittenBy(by(bot), { login: 'alice' })).toBe(true);
    expect(isWrittenBy(by(person), { login: 'bob' })).toBe(false);
  });

  it('begins with its marker', () => {
    expect(isMarkedBy(by(bot, null, '<!-- m -->\ntext'), '<!-- m -->', { appId: 7 })).toBe(true);
    expect(isMarkedBy(by(bot, null, 'so: <!-- m -->'), '<!-- m -->', { appId: 7 })).toBe(false);
    expect(isMarkedBy(by(person, null, '<!-- m -->'), '<!-- m -->', { appId: 7 })).toBe(false);
    expect(isMarkedBy(by(bot), '<!-- m -->', { appId: 7 })).toBe(false);
  });

  it('says nothing of an App that is not named', () => {
    expect(isApp(null, 7)).toBeUndefined();
    expect(isApp({ id: 7 }, 7)).toBe(true);
    expect(isApp({ id: 8 }, 7)).toBe(false);
  });

  it('is the same whatever the line ends, and not after an edit', () => {
    expect(isSameText('a\r\nb\r\n', 'a\nb')).toBe(true);
    expect(isSameText('a\nb', 'a\nb\n\n')).toBe(true);
    expect(isSameText('a\n b', 'a\nb')).toBe(false);
    expect(isSameText(null, '')).toBe(true);
  });
});
