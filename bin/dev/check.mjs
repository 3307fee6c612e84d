/** `npm run check`: format, lint and types. */
import { script, tool } from './project.mjs';
import { ensureDependencies } from './setup.mjs';

await script(() => {
  ensureDependencies();
  tool('@biomejs/biome', 'bin/biome', ['ci']);
  tool('typescript', 'bin/tsc', []);
});
