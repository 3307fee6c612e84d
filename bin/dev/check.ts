/** `npm run check`: format, lint and types. */
import { script, tool } from './project.ts';

await script(() => {
  tool('@biomejs/biome', 'bin/biome', ['ci']);
  tool('typescript', 'bin/tsc', []);
});
