/** `npm run check`: format, lint and types. */
import { tool } from './programs.ts';
import { script } from './project.ts';

await script(() => {
  tool('@biomejs/biome', 'bin/biome', ['ci']);
  tool('typescript', 'bin/tsc', []);
});
