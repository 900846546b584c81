/** What `npm run demo` starts: the command line with the demo for its only command. */
import { main } from '#cli/cli';

await main(['demo', ...process.argv.slice(2)], {
  demo: {
    summary: { fr: 'joue toute l’histoire sur cette machine', en: 'plays the whole story on this machine' },
    invocation: 'npm run demo --',
    load: () => import('./command.ts'),
  },
});
